import { describe, expect, test } from 'vitest';
import { runTranscripts } from '../../../support/transcripts/run-transcripts.ts';
import { PEERS_MISSING } from '../../../support/peers.ts';

const verdicts = PEERS_MISSING === undefined ? await runTranscripts() : [];

describe(`TriggeredGroups plays Beam's transcripts (${PEERS_MISSING ?? 'all there'})`, () => {
  test.skipIf(PEERS_MISSING !== undefined)('there are some', () => {
    expect(verdicts.length).toBeGreaterThanOrEqual(18);
  });

  for (const { case: name, status, reason } of verdicts) {
    test.skipIf(status === 'skip')(`${name}${status === 'skip' ? ` (${reason ?? ''})` : ''}`, () => {
      expect({ status, reason }).toEqual({ status: 'pass', reason: undefined });
    });
  }
});
