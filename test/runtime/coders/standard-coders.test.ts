import { create } from '@bufbuild/protobuf';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { decodeOuter, encodeOuter, type Coder } from '../../../runtime/src/coders/coder.ts';
import { InputBytes } from '../../../runtime/src/coders/input-bytes.ts';
import type { OpenIterable } from '../../../runtime/src/coders/iterable.ts';
import { OutputBytes } from '../../../runtime/src/coders/output-bytes.ts';
import { coderFromProto, KNOWN_CODERS } from '../../../runtime/src/portable/coders/coders-from-proto.ts';
import { CoderSchema, type Coder as CoderProto } from '../../../runtime/src/proto/runner-api.ts';
import { PEERS_MISSING, PEERS_PYTHON } from '../../support/peers.ts';
import { ROOT } from '../../support/repository.ts';

interface Spec {
  readonly urn: string;
  readonly payload?: string;
  readonly components?: readonly Spec[];
}

interface Section {
  readonly coder: Spec & {
    /** Then other bytes may stand for the value too. */
    readonly non_deterministic?: boolean;
    /** What is behind the tokens of state-backed iterables. */
    readonly state?: Readonly<Record<string, string>>;
  };
  /** In which context; both if undefined. */
  readonly nested?: boolean;
  readonly examples: readonly (readonly [bytes: string, value: unknown])[];
}

/** Coders that are not built yet, each with the issue that brings it. */
const LATER: Readonly<Record<string, string>> = {
  'beam:coder:row:v1': 'issue 5',
  'beam:coder:sharded_key:v1': 'issue 5',
  'beam:coder:timer:v1': 'issue 5',
  'beam:coder:custom_window:v1': 'issue 5',
};

const sections = PEERS_MISSING === undefined ? readSections() : [];

for (const [index, section] of sections.entries()) {
  const later = LATER[section.coder.urn];
  const contexts = section.nested === undefined ? [true, false] : [section.nested];
  describe(`standard coder ${index} ${nameOf(section.coder)}`, () => {
    for (const [text, value] of section.examples) {
      const hex = Buffer.from(text, 'latin1').toString('hex');
      const name = `has ${hex} for ${JSON.stringify(value)}`;
      test.skipIf(later !== undefined)(later === undefined ? name : `${name} (comes with ${later})`, () => {
        for (const isNested of contexts) {
          const coder = made(section);
          const bytes = Buffer.from(text, 'latin1');
          const from = new InputBytes(bytes);
          const decoded = isNested ? coder.decode(from) : decodeOuter(coder, from);
          expect(from.left).toBe(0);
          expect(plain(decoded)).toEqual(wanted(section.coder, value));
          if (section.coder.non_deterministic === true) continue;
          const to = new OutputBytes();
          if (isNested) coder.encode(decoded, to);
          else encodeOuter(coder, decoded, to);
          expect(Buffer.from(to.take()).toString('hex')).toBe(bytes.toString('hex'));
        }
      });
    }
  });
}

test.skipIf(PEERS_MISSING !== undefined)(
  `standard_coders.yaml has every standard coder that is known (${PEERS_MISSING ?? 'all there'})`,
  () => {
    const there = new Set(sections.map(({ coder }) => coder.urn));
    const known = KNOWN_CODERS.filter(
      (urn) => urn.startsWith('beam:') && urn !== 'beam:coder:length_prefix:v1',
    );
    expect(known.filter((urn) => !there.has(urn))).toEqual([]);
    expect([...there].filter((urn) => !known.includes(urn))).toEqual(
      expect.arrayContaining(Object.keys(LATER)),
    );
    expect([...there].filter((urn) => !known.includes(urn))).toHaveLength(Object.keys(LATER).length);
  },
);

function readSections(): readonly Section[] {
  const script = path.join(ROOT, 'test/support/standard_coders.py');
  // Written by the script beside.
  return JSON.parse(execFileSync(PEERS_PYTHON, [script], { encoding: 'utf8' })) as readonly Section[];
}

function nameOf({ urn, components = [] }: Spec): string {
  const inside = components.length === 0 ? '' : `(${components.map(nameOf).join(', ')})`;
  return `${urn.replace(/^beam:coder:|:v1$/g, '')}${inside}`;
}

function made({ coder }: Section): Coder {
  const protos: Record<string, CoderProto> = {};
  const add = ({ urn, payload = '', components = [] }: Spec): string => {
    const componentCoderIds = components.map(add);
    const id = String(Object.keys(protos).length);
    protos[id] = create(CoderSchema, {
      spec: { urn, payload: Buffer.from(payload, 'latin1') },
      componentCoderIds,
    });
    return id;
  };
  const open: OpenIterable = ({ first, token, coder: element }) => {
    const rest = new InputBytes(
      Buffer.from(coder.state?.[Buffer.from(token).toString('latin1')] ?? '', 'latin1'),
    );
    const values = [...first];
    while (rest.left > 0) values.push(element.decode(rest));
    return values;
  };
  return coderFromProto(add(coder), protos, { open });
}

/** A value of the file as this coder gives it, in the words of `plain`. */
function wanted(coder: Spec, value: unknown): unknown {
  const [first, second] = coder.components ?? [];
  switch (coder.urn) {
    case 'beam:coder:bytes:v1':
      return { bytes: Buffer.from(String(value), 'latin1').toString('hex') };
    case 'beam:coder:double:v1':
      return { double: Number(value) };
    case 'beam:coder:global_window:v1':
      return { kind: 'global' };
    case 'beam:coder:interval_window:v1': {
      const { end, span } = value as { end: number; span: number };
      return { kind: 'interval', start: end - span, end };
    }
    case 'beam:coder:nullable:v1':
      return value === null || first === undefined ? null : wanted(first, value);
    case 'beam:coder:kv:v1': {
      const kv = value as { key: unknown; value: unknown };
      return { key: first && wanted(first, kv.key), value: second && wanted(second, kv.value) };
    }
    case 'beam:coder:iterable:v1':
    case 'beam:coder:state_backed_iterable:v1':
      return (value as unknown[]).map((each) => first && wanted(first, each));
    case 'beam:coder:windowed_value:v1':
    case 'beam:coder:param_windowed_value:v1': {
      const element = value as {
        value: unknown;
        timestamp: number;
        windows: unknown[];
        pane: { is_first: boolean; is_last: boolean; timing: string; index: number; on_time_index: number };
      };
      const timings: Readonly<Record<string, string>> = { UNKNOWN: 'unknown', ON_TIME: 'onTime' };
      return {
        value: first && wanted(first, element.value),
        timestamp: element.timestamp,
        windows: element.windows.map((window) => second && wanted(second, window)),
        pane: {
          timing: timings[element.pane.timing],
          index: element.pane.index,
          onTimeIndex: element.pane.on_time_index,
          isFirst: element.pane.is_first,
          isLast: element.pane.is_last,
        },
      };
    }
    default:
      return typeof value === 'number' ? { double: value } : value;
  }
}

/** A decoded value in a form that tells bytes, and 0 from -0. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return { double: value };
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      name === 'timestamp' || name === 'pane' ? (field as unknown) : plain(field),
    ]),
  );
}
