import type { PCollection, Pipeline } from 'millrace';

/** One pipeline that must give the same on every runner, and what Beam Python's gives. */
export interface ConformanceCase {
  /** What it is about; `beam_pipelines.py` has a pipeline of the same name. */
  readonly name: string;
  /**
   * Builds it, and gives the PCollections to compare, by name.
   *
   * @param files Folder of the input files.
   */
  readonly build: (p: Pipeline, files: string) => Readonly<Record<string, PCollection<unknown>>>;
}
