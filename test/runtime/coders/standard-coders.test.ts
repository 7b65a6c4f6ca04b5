import { describe, expect, test } from 'vitest';

import { KNOWN_CODERS } from '../../../runtime/src/portable/coders/coders-from-proto.ts';
import { PEERS_MISSING } from '../../support/peers.ts';
import { playExample } from '../../support/standard-coders/play-example.ts';
import { contextsOf, exampleName, nameOf, readSections } from '../../support/standard-coders/sections.ts';

// The conformance suite standard_coders has a case for each of these tests, by their names.
const sections = PEERS_MISSING === undefined ? readSections() : [];

for (const [index, section] of sections.entries()) {
  describe(`standard coder ${index} ${nameOf(section.coder)}`, () => {
    for (const example of section.examples) {
      test(`has ${exampleName(example)}`, () => {
        for (const context of contextsOf(section)) {
          const played = playExample(section, example, { context });
          expect(played.decoded).toEqual(played.wanted);
          if (played.wantedBytes !== undefined) expect(played.encoded).toBe(played.wantedBytes);
        }
      });
    }
  });
}

test.skipIf(PEERS_MISSING !== undefined)(
  `every coder of standard_coders.yaml is known (${PEERS_MISSING ?? 'all there'})`,
  () => {
    const there = new Set(sections.map(({ coder }) => coder.urn));
    expect([...there].filter((urn) => !KNOWN_CODERS.includes(urn))).toEqual([]);
    // All other standard ones that we know are tried here, too.
    const known = KNOWN_CODERS.filter((urn) => urn.startsWith('beam:') && !there.has(urn));
    expect(known).toEqual(['beam:coder:length_prefix:v1']);
  },
);
