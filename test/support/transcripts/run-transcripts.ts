import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PEERS_PYTHON } from '../peers.ts';
import { ROOT } from '../repository.ts';
import { runTranscript, TRANSFORMED, type Transcript } from './run-transcript.ts';

/** What came of one transcript. */
export interface TranscriptVerdict {
  readonly case: string;
  readonly status: 'pass' | 'fail' | 'skip';
  readonly reason?: string;
}

/** Beam's transcripts, out of the wheel of its Python SDK. */
export function readTranscripts(): readonly Transcript[] {
  const script = path.join(ROOT, 'test/support/trigger_transcripts.py');
  // What the script beside writes.
  return JSON.parse(execFileSync(PEERS_PYTHON, [script], { encoding: 'utf8' })) as readonly Transcript[];
}

/** Plays all transcripts on the engine's groups; two of one name get numbers. */
export async function runTranscripts(): Promise<readonly TranscriptVerdict[]> {
  const verdicts: TranscriptVerdict[] = [];
  const seen = new Map<string, number>();
  for (const transcript of readTranscripts()) {
    const number = (seen.get(transcript.name) ?? 0) + 1;
    seen.set(transcript.name, number);
    const name = number === 1 ? transcript.name : `${transcript.name} (${number})`;
    verdicts.push({ case: name, ...(await verdictOf(transcript)) });
  }
  return verdicts;
}

async function verdictOf(transcript: Transcript): Promise<Omit<TranscriptVerdict, 'case'>> {
  if (transcript.timestamp_combiner === TRANSFORMED) {
    return {
      status: 'skip',
      reason: `${TRANSFORMED} is Beam Python's own: the model's OutputTime has no such combiner`,
    };
  }
  let failure: string | undefined;
  try {
    await runTranscript(transcript);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const { error } = transcript;
  if (error === undefined)
    return failure === undefined ? { status: 'pass' } : { status: 'fail', reason: failure };
  // A bad transcript, which must be found out.
  if (failure?.includes(error) === true) return { status: 'pass' };
  return { status: 'fail', reason: `expected "${error}": received ${failure ?? 'none'}` };
}
