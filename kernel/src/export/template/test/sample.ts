import type { PipelineOptions } from '../src/options.ts';

/** What the tests run on: the first lines of the notebook's files, and what the notebook made of them. */
export const SAMPLE: {
  readonly options: Partial<PipelineOptions>;
  /** Options that name what is written. */
  readonly outputs: readonly (keyof PipelineOptions)[];
  readonly expected: readonly { readonly name: string; readonly file: string; readonly isSame: boolean }[];
} = {
  options: { input: 'test/sample/*.txt' },
  outputs: [],
  expected: [{ name: 'lines', file: 'test/expected/lines.txt', isSame: true }],
};
