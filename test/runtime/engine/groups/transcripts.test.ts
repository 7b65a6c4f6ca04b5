import { describe, expect, test } from 'vitest';
import { runTranscripts } from '../../../support/transcripts/run-transcripts.ts';
import { PEERS_MISSING } from '../../../support/peers.ts';

const verdicts = PEERS_MISSING === undefined ? await runTranscripts() : [];

test.skipIf(PEERS_MISSING !== undefined)(
  `trigger_transcripts.yaml has transcripts (${PEERS_MISSING ?? 'all there'})`,
  () => {
    expect(verdicts.length).toBeGreaterThanOrEqual(18);
  },
);

describe("TriggeredGroups plays Beam's transcripts", () => {
  for (const { case: name, status, reason } of verdicts) {
    test.skipIf(status === 'skip')(`${name}${status === 'skip' ? ` (${reason ?? ''})` : ''}`, () => {
      expect(status, reason).toBe('pass');
    });
  }
});
