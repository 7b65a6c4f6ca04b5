import type { PCollection, Pipeline } from 'millrace';
import type { RunnerName } from './run-on.ts';

/** One pipeline that must give the same on every runner, and what Beam Python's gives. */
export interface ConformanceCase {
  /** What it is about; `beam/` has a pipeline of the same name. */
  readonly name: string;
  /**
   * Builds it, and gives the PCollections to compare, by name.
   *
   * @param files Folder of the input files.
   */
  readonly build: (p: Pipeline, files: string) => Readonly<Record<string, PCollection<unknown>>>;
  /** Runners that cannot run it, each with what is missing there: they skip it, and say so. */
  readonly cannot?: Readonly<Partial<Record<RunnerName, string>>>;
}
