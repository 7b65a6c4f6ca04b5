import { PipelineError } from '../errors.ts';
import { fragment } from '../graph/fragment.ts';
import { leaves } from '../graph/leaves.ts';
import { fullNames } from '../graph/names.ts';
import { defaultHost } from '../interactive/default-host.ts';
import { Pipeline, type PipelineResult, type RunHereOptions } from '../model/pipeline.ts';
import type { WaitOptions } from '../promote/job.ts';
import type { JobResult } from '../promote/job-result.ts';
import type { PromoteOptions } from '../promote/promote-options.ts';
import { Check } from './check.ts';
import { TestHost } from './test-host.ts';

/** What `testPipeline` takes: nothing to run here, or what `ib.promote` takes to run as a job. */
export type TestPipelineOptions = {
  /** For errors and graphs; "test" unless told otherwise. */
  readonly name?: string;
} & (({ readonly runner?: undefined } & RunHereOptions) | PromoteOptions);

/** What a test pipeline whose assertions all hold came to. */
export interface TestPipelineResult extends Pick<PipelineResult, 'state' | 'counters'> {
  /** Assertions, all of which were judged, and hold. */
  readonly assertions: number;
}

type Counters = PipelineResult['counters'];

/** What a test asks of a job. */
interface TestedJob {
  wait(options?: WaitOptions): Promise<Pick<JobResult, 'state' | 'counters'>>;
}

/** What the package's entry knows, and layers do not. */
interface Promoter {
  readonly promote: (pipeline: Pipeline, options: PromoteOptions) => Promise<TestedJob>;
}

/**
 * Has a function build a pipeline with assertions, and runs it: here, or with `runner` as a job.
 *
 * @param build Given the pipeline; sync or async.
 * @throws {PipelineAssertionError} the first assertion that failed. @throws {PipelineError} if there is no assertion, one
 *   was not judged, or the pipeline failed.
 */
export async function testPipeline(
  build: (pipeline: Pipeline) => unknown,
  { promote, name = 'test', ...options }: TestPipelineOptions & Promoter,
): Promise<TestPipelineResult> {
  const host = new TestHost(defaultHost);
  const pipeline = new Pipeline(name, host);
  await build(pipeline);
  host.close();
  const checks = checksOf(pipeline);
  if (checks.length === 0) {
    throw new PipelineError(
      'Cannot test a pipeline as it must assert something: received one without assertThat()',
      {
        hint: 'Apply assertThat(pcollection, matcher) in the function, or use pipeline() and run() if there is nothing to assert',
      },
    );
  }
  const counters = await countersOf(pipeline, host, { promote, name, ...options });
  requireJudged(checks, counters);
  return { state: 'DONE', counters, assertions: checks.length };
}

/** Runs the pipeline to its end. */
async function countersOf(
  pipeline: Pipeline,
  host: TestHost,
  { promote, name = 'test', ...options }: TestPipelineOptions & Promoter,
): Promise<Counters> {
  if (options.runner === undefined) return (await host.runNow(pipeline, options)).counters;
  const job = await promote(pipeline, { jobName: name, ...options });
  const { state, counters } = await job.wait(options.signal && { signal: options.signal });
  if (state === 'DONE') return counters;
  throw new PipelineError(`Cannot trust a test as its job "${name}" must be done: received ${state}`, {
    hint: 'Somebody else has ended it; run the test again',
  });
}

/** The full names of a pipeline's checks. */
function checksOf(pipeline: Pipeline): readonly string[] {
  const { transforms } = fragment(leaves(pipeline));
  const names = fullNames(transforms);
  return transforms
    .filter(({ spec }) => spec?.kind === 'parDo' && spec.doFn instanceof Check)
    .map((transform) => names.get(transform) ?? transform.label);
}

/** A check that no element came to would pass in silence. */
function requireJudged(checks: readonly string[], counters: Counters): void {
  const open = checks.filter((check) => (counters[check]?.passed ?? 0) < 1);
  const [first] = open;
  if (first === undefined) return;
  throw new PipelineError(
    `Cannot trust a test as all of its assertions must have been judged: received ${open.length} of ${checks.length} that were not`,
    { transform: first, hint: `Look in the runner's log for what became of "${first}"` },
  );
}
