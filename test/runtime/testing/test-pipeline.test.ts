import {
  create,
  countPerElement,
  describeError,
  pipeline,
  PipelineError,
  type KV,
  type PCollection,
  type Pipeline,
} from 'millrace';
import * as ib from 'millrace/interactive';
import {
  assertThat,
  containsInAnyOrder,
  equalTo,
  equalToPerKey,
  isEmpty,
  PipelineAssertionError,
  satisfies,
  testPipeline,
  type AssertOptions,
} from 'millrace/testing';
import { expect, test } from 'vitest';
import { testPipeline as runTestPipeline } from '../../../runtime/src/testing/test-pipeline.ts';

/** What a promise was rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('testPipeline() runs what its function builds, and says how many assertions hold', async () => {
  const result = await testPipeline(async (p) => {
    const words = p.apply(create(await Promise.resolve(['a', 'b', 'a'])));
    assertThat(words, containsInAnyOrder(['b', 'a', 'a']), { label: 'words' });
    assertThat(words.apply(countPerElement()), equalToPerKey({ a: 2, b: 1 }), { label: 'counts' });
    assertThat(
      words.filter(() => false),
      isEmpty(),
    );
    assertThat(
      words.map(() => 1),
      equalTo([1, 1, 1]),
    );
  });
  expect(result).toMatchObject({ state: 'DONE', assertions: 4 });
});

test('testPipeline() rejects with the assertion that failed, and leads to its line alone', async () => {
  let line = 0;
  const error = await rejection(
    testPipeline((p) => {
      const words = p.apply(create(['a', 'b', 'a']));
      line = lineOf(new Error());
      assertThat(words, equalTo(['a', 'b']), { label: 'words' });
    }),
  );
  expect(error).toBeInstanceOf(PipelineAssertionError);
  const { message, stack = '', transform } = error as PipelineAssertionError; // as the line above says
  expect(message).toBe(
    'Assertion "words" failed: equalTo expects 2 elements, received 3: 1 unexpected\nunexpected: "a"',
  );
  expect(transform).toBe('words/ParDo(Check)');
  expect(stack.startsWith(`PipelineAssertionError: ${message}\n    at `)).toBe(true);
  expect(lineOf(error as Error)).toBe(line + 1);
  expect(stack).not.toContain('runtime/src');
  expect(describeError(error)?.lines).toEqual([
    ...message.split('\n'),
    expect.stringMatching(new RegExp(`^applied in: .*test-pipeline.test.ts, line ${line + 1}$`)),
    'hint: ib.show(pcollection, { includeWindowInfo: true }) shows all of its elements, with windows and panes',
  ]);
});

/** The line of the first frame of an error's stack. */
function lineOf({ stack = '' }: Error): number {
  return Number(/\.ts:(\d+):\d+/.exec(stack)?.[1]);
}

test('An assertion fails run() and collect() of any pipeline, and keeps what its function threw as the cause', async () => {
  const thrown = new RangeError('no');
  const p = pipeline();
  const verdict = assertThat(
    p.apply(create([1])),
    satisfies(() => {
      throw thrown;
    }),
  );
  for (const failed of [await rejection(p.run()), await rejection(ib.collect(verdict))]) {
    expect(failed).toMatchObject({
      message:
        'Assertion failed: satisfies expects its function to hold of 1 element, but it threw RangeError: no\nreceived: 1',
      cause: thrown,
    });
  }
});

test('assertThat() gives its verdict, once it holds', async () => {
  const p = pipeline();
  const verdict = assertThat(p.apply(create(['a', 'b'])), equalTo(['b', 'a']), { label: 'both' });
  expect(await ib.collect(verdict)).toEqual([
    { assertion: 'both', verdict: 'holds', matcher: 'equalTo', elements: 2 },
  ]);
});

test('testPipeline() refuses a pipeline that asserts nothing, and does not run it', async () => {
  let ran = 0;
  const error = await rejection(testPipeline((p) => p.apply(create([1])).map(() => ran++)));
  expect(error).toBeInstanceOf(PipelineError);
  expect(error).toMatchObject({
    message: 'Cannot test a pipeline as it must assert something: received one without assertThat()',
  });
  expect(ran).toBe(0);
});

test('testPipeline() refuses an assertion that comes too late, and a run of its pipeline', async () => {
  let leaked: PCollection<number> | undefined;
  let early: Promise<unknown> | undefined;
  await testPipeline((p: Pipeline) => {
    leaked = p.apply(create([1]));
    early = rejection(p.run());
    assertThat(leaked, equalTo([1]));
  });
  expect(() => leaked && assertThat(leaked, equalTo([1]))).toThrow(
    'Cannot assert as a test pipeline must have all of its assertions before it runs: received one after its function had returned',
  );
  expect(await early).toMatchObject({
    message: 'Cannot run a test pipeline as testPipeline must run it: received a call of run()',
  });
});

test('testPipeline() rejects with what its function, or the pipeline, threw', async () => {
  const thrown = new RangeError('cannot build');
  expect(await rejection(testPipeline(() => Promise.reject(thrown)))).toBe(thrown);
  const error = await rejection(
    testPipeline((p) => {
      const bad = p.apply(create([7])).map(function strict(): number {
        throw thrown;
      });
      assertThat(bad, isEmpty());
    }),
  );
  expect(error).toMatchObject({ name: 'UserCodeError', transform: 'Map(strict)', element: 7, cause: thrown });
});

test.each([
  {
    name: 'that was not judged',
    result: { state: 'DONE', counters: { 'one/ParDo(Check)': { passed: 1 } } },
    message:
      'Cannot trust a test as all of its assertions must have been judged: received 1 of 2 that were not',
  },
  {
    name: 'whose job was cancelled',
    result: { state: 'CANCELLED', counters: {} },
    message: 'Cannot trust a test as its job "test" must be done: received CANCELLED',
  },
] as const)('testPipeline() does not pass an assertion $name', async ({ result, message }) => {
  const wait = () => Promise.resolve(result);
  const build = (p: Pipeline) => {
    assertThat(p.apply(create([1])), equalTo([1]), { label: 'one' });
    assertThat(p.apply(create([2])), equalTo([2]), { label: 'two' });
  };
  const running = runTestPipeline(build, { runner: 'prism', promote: () => Promise.resolve({ wait }) });
  expect(await rejection(running)).toMatchObject({ name: 'PipelineError', message });
});

test('testPipeline() ends with its signal', async () => {
  const reason = new Error('enough');
  const running = testPipeline((p) => void assertThat(p.apply(create([1])), equalTo([1])), {
    signal: AbortSignal.abort(reason),
  });
  expect(await rejection(running)).toBe(reason);
});

test.each([
  {
    name: 'a function',
    matcher: () => true,
    message: 'received a function; give satisfies(fn), or call the function that makes the matcher',
  },
  { name: 'an array', matcher: [1], message: 'received an instance of Array; give containsInAnyOrder([…])' },
  { name: 'nothing', matcher: undefined, message: 'received undefined' },
])('assertThat() refuses $name for a matcher', ({ matcher, message }) => {
  const input = pipeline().apply(create([1]));
  expect(() => assertThat(input, matcher as never)).toThrow(
    `Cannot assert as it takes a matcher: ${message}`,
  );
});

test.each(['', ' ', 'a/b', 5])('assertThat() refuses the label %j', (label) => {
  const input = pipeline().apply(create([1]));
  expect(() => assertThat(input, isEmpty(), { label } as AssertOptions)).toThrow(
    'Cannot label an assertion as its label must be a string that is not empty and holds no "/"',
  );
});

test('assertThat() takes a matcher for elements of the right type alone', () => {
  const input = pipeline().apply(create([{ id: 1 }]));
  assertThat(
    input,
    satisfies((all) => all.every(({ id }) => id > 0)),
  );
  const grades = pipeline().apply(create<KV<'good' | 'bad', number>>([]));
  assertThat(grades, equalToPerKey({ good: 1 }));
  // @ts-expect-error -- values are numbers
  assertThat(grades, equalToPerKey({ good: 'one' }));
  // @ts-expect-error -- the elements are no strings
  assertThat(input, equalTo(['a']));
  // @ts-expect-error -- they have no key
  assertThat(input, equalToPerKey([['a', 1]]));
});
