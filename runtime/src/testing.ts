/**
 * Testing of pipelines: assertions that run with the pipeline, on any runner.
 *
 * `import { assertThat, containsInAnyOrder, testPipeline } from 'millrace/testing'`; the names are those of Beam's
 * `testing.util`, in camelCase.
 *
 * @module
 */
import { promote } from './interactive.ts';
import type { Pipeline } from './model/pipeline.ts';
import {
  testPipeline as runTestPipeline,
  type TestPipelineOptions,
  type TestPipelineResult,
} from './testing/test-pipeline.ts';

export { PipelineAssertionError } from './errors.ts';
export { assertThat, type AssertOptions } from './testing/assert-that.ts';
export type { Verdict } from './testing/check.ts';
export { containsInAnyOrder, equalTo } from './testing/contains-in-any-order.ts';
export { contains } from './testing/contains.ts';
export { equalToApprox, type Tolerance } from './testing/equal-to-approx.ts';
export { equalToPerWindow } from './testing/equal-to-per-window.ts';
export { hasSize, isEmpty, isNotEmpty } from './testing/has-size.ts';
export { inEarlyPane, inFinalPane, inLatePane, inOnTimePane, inWindow } from './testing/in-window.ts';
export type { Matcher, Mismatch } from './testing/matcher.ts';
export { equalToPerKey, matchesPerKey, type PerKey, type PerName } from './testing/per-key.ts';
export { allSatisfy, satisfies } from './testing/satisfies.ts';
export type { TestPipelineOptions, TestPipelineResult } from './testing/test-pipeline.ts';
export type { Reified } from './transforms/reify.ts';
export { testStream, type TestStream, type TimestampedElement } from './transforms/test-stream.ts';
export { withTimestamps, type TimestampedValue } from './testing/with-timestamps.ts';

/**
 * Tests a pipeline: has a function build it with assertions, runs it, and rejects if one of them fails.
 *
 * ```ts
 * test('words are counted', () =>
 *   testPipeline((p) => {
 *     const counts = p.apply(beam.create(['a', 'b', 'a'])).apply(beam.countPerElement());
 *     assertThat(counts, equalToPerKey({ a: 2, b: 1 }));
 *   }));
 * ```
 *
 * The pipeline runs once, when the function has returned: here, or with `{ runner: 'prism' }` and the like as a job.
 *
 * @param build Given the pipeline; sync or async.
 * @throws {PipelineAssertionError} the first assertion that failed. @throws {PipelineError} if there is no assertion, one
 *   was not judged, or the pipeline failed.
 */
export async function testPipeline(
  build: (pipeline: Pipeline) => unknown,
  options: TestPipelineOptions = {},
): Promise<TestPipelineResult> {
  return await runTestPipeline(build, { ...options, promote });
}
