import { PipelineError } from '../errors.ts';
import type { Pipeline, PipelineHost, PipelineResult, RunHereOptions } from '../model/pipeline.ts';

/** Whose pipelines `testPipeline` runs, and nobody else. */
export class TestHost implements PipelineHost {
  readonly #host: PipelineHost;
  #isOpen = true;

  /** @param host Who runs them in the end. */
  constructor(host: PipelineHost) {
    this.#host = host;
  }

  /** Whether assertions can still be added. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** From now on its pipeline is complete. */
  close(): void {
    this.#isOpen = false;
  }

  run(): Promise<PipelineResult> {
    return Promise.reject(
      new PipelineError('Cannot run a test pipeline as testPipeline must run it: received a call of run()', {
        hint: 'Leave it out: the pipeline runs when the function has returned',
      }),
    );
  }

  /** What `run` does for pipelines of other hosts. */
  runNow(pipeline: Pipeline, options: RunHereOptions): Promise<PipelineResult> {
    return this.#host.run(pipeline, options);
  }

  display(...args: Parameters<PipelineHost['display']>): ReturnType<PipelineHost['display']> {
    return this.#host.display(...args);
  }
}
