import { create, PipelineError, type PCollection, type Pipeline } from 'millrace';
import { assertThat, testPipeline, type AssertOptions, type Matcher } from 'millrace/testing';

/**
 * What an assertion says of elements: the message of its error, line by line, or that it holds.
 *
 * @param input The elements, or what builds their PCollection.
 */
export async function reportOf<T>(
  input: readonly T[] | ((p: Pipeline) => PCollection<T>),
  matcher: Matcher<T>,
  options: AssertOptions = {},
): Promise<readonly string[]> {
  try {
    await testPipeline((p) => {
      const pcollection = typeof input === 'function' ? input(p) : p.apply(create(input));
      assertThat(pcollection, matcher, options);
    });
    return ['holds'];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.message.split('\n');
  }
}
