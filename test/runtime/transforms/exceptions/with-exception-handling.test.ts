import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { collect } from '../../engine/run-fragment.ts';

const valuesOf = async <T>(target: beam.PCollection<T>) => (await collect(target)).values;

const create = <T>(...elements: readonly T[]) => beam.pipeline().apply(beam.create(elements));

function parse(text: string): number {
  if (!/^\d+$/.test(text)) throw new RangeError(`no number: ${text}`);
  return Number(text);
}

type Emitted = Iterable<number> | AsyncIterable<number> | Promise<Iterable<number>>;

/** Elements of `outputs` and, in few words, the bad ones. */
async function both<T, G>(outputs: { good: beam.PCollection<G>; bad: beam.PCollection<beam.BadElement<T>> }) {
  const bad = await valuesOf(outputs.bad);
  return {
    good: await valuesOf(outputs.good),
    bad: bad.map(({ element, error }) => [element, `${error.name}: ${error.message}`]),
  };
}

test('withExceptionHandling() gives what is good, and the bad elements with error and transform', async () => {
  const { good, bad } = create('1', 'ü', '2').apply(
    beam.parDo({ name: 'Parse', process: (text: string) => [parse(text)] }).withExceptionHandling(),
  );
  expectTypeOf(good).toEqualTypeOf<beam.PCollection<number>>();
  expectTypeOf(bad).toEqualTypeOf<beam.PCollection<beam.BadElement<string>>>();
  expect(await valuesOf(good)).toEqual([1, 2]);
  expect(await valuesOf(bad)).toEqual([
    {
      element: 'ü',
      error: {
        name: 'RangeError',
        message: 'no number: ü',
        stack: expect.stringContaining('with-exception-handling.test.ts') as string,
      },
      transform: 'ParDo(Parse)',
    },
  ]);
});

test.each<{ readonly name: string; readonly process: (text: string) => Emitted }>([
  {
    name: 'a generator',
    process: function* (text: string) {
      for (const each of text) yield parse(each);
    },
  },
  {
    name: 'an async generator',
    process: async function* (text: string) {
      for (const each of text) {
        await Promise.resolve();
        yield parse(each);
      }
    },
  },
  {
    name: 'a promise',
    process: async (text: string) => {
      await Promise.resolve();
      return text.split('').map(parse);
    },
  },
  {
    name: 'a promise of an iterable that is none before it is read',
    process: async (text: string) => {
      await Promise.resolve();
      return (function* () {
        for (const each of text) yield parse(each);
      })();
    },
  },
])('$name that fails half-way emits nothing in good', async ({ process }) => {
  const outputs = create('12', '3x', '', '45').apply(beam.parDo(process).withExceptionHandling());
  expect(await both(outputs)).toEqual({ good: [1, 2, 4, 5], bad: [['3x', 'RangeError: no number: x']] });
});

test('withOutputs() gives the tags beside good and bad, all or nothing as well', async () => {
  const { good, bad, large } = create('1', '22', '33').apply(
    beam
      .parDo(function* (text: string) {
        const n = Number(text);
        yield n;
        if (n > 9) yield new beam.TaggedOutput('large', { n });
        if (n > 30) throw new Error('too large');
      })
      .withExceptionHandling({ threshold: 0.5 })
      .withOutputs('large'),
  );
  expectTypeOf(large).toEqualTypeOf<beam.PCollection<{ n: number }>>();
  expect(await valuesOf(good)).toEqual([1, 22]);
  expect(await valuesOf(large)).toEqual([{ n: 22 }]);
  expect((await valuesOf(bad)).map(({ element }) => element)).toEqual(['33']);
});

test('anything can be thrown', async () => {
  const hostile = {
    toString() {
      throw new Error('no text');
    },
  };
  class Odd extends Error {
    override get message(): string {
      throw new Error('no message');
    }
  }
  const thrown = ['a string', undefined, null, 7n, hostile, new Odd(), Symbol('s')];
  const { bad } = create(0, 1, 2, 3, 4, 5, 6).apply(
    beam
      .parDo((n: number) => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a user's code does so
        throw thrown[n];
      })
      .withExceptionHandling(),
  );
  expect((await valuesOf(bad)).map(({ error: { name, message } }) => `${name}: ${message}`)).toEqual([
    'string: a string',
    'undefined: undefined',
    'object: null',
    'bigint: 7',
    'object: An object without a text',
    'Error: ',
    'symbol: Symbol(s)',
  ]);
});

test('an element is tried again as often as told, and others go on meanwhile', async () => {
  const tries: Record<string, number> = {};
  const outputs = create('a', 'b', 'c').apply(
    beam
      .parDo((text: string) => {
        const count = (tries[text] = (tries[text] ?? 0) + 1);
        if (text === 'b' || (text === 'c' && count < 3)) throw new Error(`try ${count}`);
        return [text];
      })
      .withExceptionHandling({ retries: 2, backOff: { initial: 1, factor: 1, max: 2 } }),
  );
  expect(await valuesOf(outputs.good)).toEqual(['a', 'c']);
  expect(tries).toEqual({ a: 1, b: 3, c: 3 });
  expect((await both(outputs)).bad).toEqual([['b', 'Error: try 6']]);
});

test('a promise or an async generator that takes too long makes its element bad', async () => {
  let isClosed = false;
  const never = new Promise<never>(() => undefined);
  const late = async function* (n: number) {
    try {
      yield n;
      if (n === 1) await new Promise((resolve) => setTimeout(resolve, 60));
      yield n;
    } finally {
      isClosed = n === 1;
    }
  };
  const generators = create(1).apply(beam.parDo(late).withExceptionHandling({ timeout: 20 }));
  expect(await both(generators)).toEqual({ good: [], bad: [[1, 'TimeoutError: Took longer than 20 ms']] });
  await expect.poll(() => isClosed).toBe(true);
  const promises = create(1, 2).apply(
    beam
      .parDo((n: number) => (n === 1 ? never : Promise.resolve([n])))
      .withExceptionHandling({ timeout: { milliseconds: 20 }, retries: 1, backOff: { initial: 1 } }),
  );
  expect(await both(promises)).toEqual({ good: [2], bad: [[1, 'TimeoutError: Took longer than 20 ms']] });
});

test.each([
  { name: 'classes', exceptions: [RangeError] },
  { name: 'a function', exceptions: (error: unknown) => error instanceof RangeError },
])('errors that are not among the exceptions fail the pipeline: $name', async ({ exceptions }) => {
  const parsed = beam.parDo((text: string) => {
    if (text === 'null') throw new TypeError('null');
    return [parse(text)];
  });
  const handled = parsed.withExceptionHandling({ exceptions, retries: 1, backOff: { initial: 1 } });
  expect((await both(create('1', 'x').apply(handled))).bad).toEqual([['x', 'RangeError: no number: x']]);
  await expect(valuesOf(create('1', 'null').apply(handled).good)).rejects.toMatchObject({
    name: 'UserCodeError',
    element: 'null',
    message: '"ParDo" threw in process: null',
  });
});

test('what Millrace says of the pipeline is no bad element', async () => {
  const run = async (process: (n: number) => unknown) => {
    // What TypeScript refuses, a plain JavaScript cell can do.
    const fn = process as (n: number) => number[];
    return valuesOf(create(1).apply(beam.parDo(fn).withExceptionHandling({ retries: 3 })).bad);
  };
  await expect(run(() => 'text')).rejects.toThrow('process must return an iterable of elements');
  await expect(run(() => Promise.resolve(7))).rejects.toThrow('process must return an iterable of elements');
  await expect(run(() => [new beam.TaggedOutput('large', 1)])).rejects.toThrow('received "large"');
  await expect(run(() => [new beam.TaggedOutput('bad', 1)])).rejects.toThrow(
    'Cannot emit to an output of "ParDo" as what it throws for goes to "bad": received an element with the tag "bad"',
  );
  await expect(
    run(() => {
      throw new beam.PipelineError('stop', { hint: 'none' });
    }),
  ).rejects.toThrow('stop');
  expect(await run(() => undefined)).toEqual([]);
});

test.each(['setup', 'startBundle', 'finishBundle', 'teardown'])(
  'what %s throws fails the pipeline',
  async (method) => {
    const doFn = {
      process: () => [1],
      [method]() {
        throw new Error('boom');
      },
    };
    await expect(
      valuesOf(create(1).apply(beam.parDo(doFn).withExceptionHandling()).good),
    ).rejects.toMatchObject({
      method,
    });
  },
);

test('a DoFn lives as before, and its finishBundle may emit', async () => {
  const calls: string[] = [];
  const doFn = {
    setup: () => void calls.push('setup'),
    startBundle: (context: { readonly bias: number }) => void calls.push(`startBundle ${context.bias}`),
    process(n: number, { bias }: { readonly bias: number }) {
      if (n === 2) throw new Error('two');
      return [n + bias];
    },
    finishBundle: () => [beam.windowedValue(-1)],
    teardown: () => void calls.push('teardown'),
  };
  const { good } = create(1, 2).apply(beam.parDo(doFn, { bias: 10 }).withExceptionHandling());
  expect(await valuesOf(good)).toEqual([11, -1]);
  expect(calls).toEqual(['setup', 'startBundle 10', 'teardown']);
});

test('state and timers go on after bad elements', async () => {
  const context = { sum: beam.valueState<number>(), flush: beam.eventTimeTimer() };
  const doFn: beam.DoFn<beam.KV<string, number>, string, typeof context> = {
    process({ value }, { sum, flush }) {
      if (value < 0) throw new Error('negative');
      sum.write((sum.read() ?? 0) + value);
      flush.set(0);
    },
    onTimer: ({ key }, { sum }) => [`${key} ${sum.read()}`],
  };
  const kv = (value: number) => ({ key: 'a', value });
  const outputs = create(kv(1), kv(-1), kv(2)).apply(beam.parDo(doFn, context).withExceptionHandling());
  expect(await both(outputs)).toEqual({ good: ['a 3'], bad: [[kv(-1), 'Error: negative']] });
  for (const options of [{ retries: 1 }, { timeout: 10 }]) {
    expect(() => beam.parDo(doFn, context).withExceptionHandling(options)).toThrow('must keep no state');
  }
});

test('counters and side inputs are bound', async () => {
  const p = beam.pipeline();
  const limit = beam.singletonSideInput(p.apply(beam.create([2])));
  const { good, bad } = p.apply(beam.create([1, 2, 3])).apply(
    beam
      .parDo(
        (n: number, context) => {
          context.seen.increment();
          if (n > context.limit.lookup()) throw new RangeError('over');
          return [n];
        },
        { limit, seen: beam.counter('seen') },
      )
      .withExceptionHandling(),
  );
  expect(await both({ good, bad })).toEqual({ good: [1, 2], bad: [[3, 'RangeError: over']] });
});

test.each([
  { options: { threshold: 1.5 }, error: 'threshold must be a fraction from 0 to 1: received the number 1.5' },
  { options: { threshold: NaN }, error: 'threshold must be a fraction from 0 to 1: received the number NaN' },
  { options: { retries: -1 }, error: 'retries must be a whole number, 0 or more: received the number -1' },
  { options: { timeout: 0 }, error: 'as timeout must be a duration of at least 1 ms' },
  { options: { exceptions: RangeError }, error: 'received the class RangeError; give [RangeError]' },
  { options: { exceptions: [] }, error: 'exceptions must be an array of classes' },
  { options: { backOff: { factor: 0.5 } }, error: 'the factor of backOff must be a number of at least 1' },
  { options: { treshold: 1 }, error: 'received treshold' },
])('withExceptionHandling() refuses $options', ({ options, error }) => {
  expect(() => beam.parDo(() => []).withExceptionHandling(options as beam.ExceptionHandlingOptions)).toThrow(
    error,
  );
});

test.each(['good', 'bad', 'main', ''])('withOutputs() refuses the tag "%s"', (tag) => {
  expect(() =>
    beam
      .parDo(() => [])
      .withExceptionHandling()
      .withOutputs(tag),
  ).toThrow(RangeError);
});
