import { writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { compute, type Materialised } from '../../../runtime/src/interactive/compute.ts';
import { InteractiveEnvironment } from '../../../runtime/src/interactive/environment.ts';
import { defaultOptions } from '../../../runtime/src/interactive/options.ts';

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'millrace-compute-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process of its own: nothing is shared with another one but the folder. */
function freshEnvironment(): InteractiveEnvironment {
  return new InteractiveEnvironment({ ...defaultOptions(), cacheRoot: join(folder, 'cache') });
}

async function ask(
  pcollection: beam.PCollection<unknown>,
  environment: InteractiveEnvironment,
  limit?: number,
): Promise<Materialised> {
  const [answer] = await compute([pcollection], {
    environment,
    elements: limit ?? Infinity,
    limit,
    windowInfo: false,
    signal: new AbortController().signal,
  });
  if (answer === undefined) throw new TypeError('compute() gave no answer');
  return answer;
}

/** Counts its calls from outside of what the function closes over, so that the count is no part of the fingerprint. */
function calls(): number {
  return (globalThis as { millraceTestCalls?: number }).millraceTestCalls ?? 0;
}
const double = (x: number) => {
  Object.assign(globalThis, {
    millraceTestCalls: Number(Reflect.get(globalThis, 'millraceTestCalls') ?? 0) + 1,
  });
  return x * 2;
};

beforeEach(() => Object.assign(globalThis, { millraceTestCalls: 0 }));

test('compute() runs a pipeline once, and answers the same one in a new process from disk', async () => {
  const build = () =>
    beam
      .pipeline()
      .apply(beam.create([1, 2, 3]))
      .map(double);
  const first = await ask(build(), freshEnvironment());
  const second = await ask(build(), freshEnvironment());
  expect([first.origin, second.origin]).toEqual(['computed', 'cache']);
  expect([first.values, second.values]).toEqual([
    [2, 4, 6],
    [2, 4, 6],
  ]);
  expect(calls()).toBe(3);
});

test('compute() goes on from a cached PCollection when a step is appended', async () => {
  const environment = freshEnvironment();
  const doubled = beam
    .pipeline()
    .apply(beam.create([1, 2, 3]))
    .map(double);
  await ask(doubled, environment);
  const answer = await ask(
    doubled.map((x) => x + 1),
    environment,
  );
  expect(answer.values).toEqual([3, 5, 7]);
  expect(calls()).toBe(3);
});

test('compute() says which captured value changed when it computes anew', async () => {
  const environment = freshEnvironment();
  const build = (factor: number) =>
    beam
      .pipeline()
      .apply(beam.create([1, 2]))
      .map((x) => x * factor);
  await ask(build(2), environment);
  const answer = await ask(build(3), environment);
  expect(answer.values).toEqual([3, 6]);
  expect(answer.why).toBe('"Map": value "factor" changed');
});

test('compute() misses when an input file was edited in place, and hits when it was only touched', async () => {
  const file = join(folder, 'words.txt');
  const read = () => beam.pipeline().apply(beam.io.readFromText(file));
  await writeFile(file, 'one\ntwo\n');
  await ask(read(), freshEnvironment());
  await utimes(file, new Date(), new Date());
  expect((await ask(read(), freshEnvironment())).origin).toBe('cache');
  await writeFile(file, 'one\nTWO\n');
  const edited = await ask(read(), freshEnvironment());
  expect(edited).toMatchObject({ origin: 'computed', values: ['one', 'TWO'] });
});

test('compute() with a limit gives a sample, which never answers for the whole', async () => {
  const environment = freshEnvironment();
  const build = () =>
    beam
      .pipeline()
      .apply(beam.create(Array.from({ length: 50_000 }, (_, i) => i)))
      .map(double);
  const sample = await ask(build(), environment, 5);
  expect(sample).toMatchObject({ values: [0, 2, 4, 6, 8], total: undefined });
  expect(calls()).toBeLessThan(1000);
  const whole = await ask(build(), environment);
  expect(whole).toMatchObject({ origin: 'computed', total: 50_000 });
  expect(whole.values.length).toBe(50_000);
});

test('compute() with a limit reads a page of what is in the cache, and knows its total', async () => {
  const environment = freshEnvironment();
  const numbers = beam.pipeline().apply(beam.create([5, 6, 7, 8]));
  await ask(numbers, environment);
  expect(await ask(numbers, environment, 2)).toMatchObject({ origin: 'cache', values: [5, 6], total: 4 });
});

test('compute() keeps nothing of elements that a cache would change, and says so', async () => {
  class Point {
    readonly x = 1;
    twice() {
      return this.x * 2;
    }
  }
  const environment = freshEnvironment();
  const build = () => {
    const points = beam
      .pipeline()
      .apply(beam.create([1]))
      .map(() => new Point());
    return points;
  };
  const first = await ask(build(), environment);
  expect(first.notCached).toMatch(/Point/);
  const second = await ask(build(), environment);
  expect(second.origin).toBe('computed');
  expect(second.values.map((point) => point instanceof Point && point.twice())).toEqual([2]);
});

test('compute() keeps nothing of a run that failed', async () => {
  const environment = freshEnvironment();
  const build = (isBroken: boolean) =>
    beam
      .pipeline()
      .apply(beam.create([1, 2, 3]))
      .map((x) => {
        if (isBroken && x === 3) throw new RangeError('three');
        return x;
      });
  await expect(ask(build(true), environment)).rejects.toThrow('"Map" threw in map: three');
  await expect(ask(build(true), environment)).rejects.toThrow('"Map" threw in map: three');
  expect((await ask(build(false), environment)).values).toEqual([1, 2, 3]);
});

test('compute() rejects with the reason of an aborted signal, and leaves no half-written entry', async () => {
  const environment = freshEnvironment();
  const abort = new AbortController();
  const numbers = beam
    .pipeline()
    .apply(beam.create([1, 2, 3]))
    .map((x) => {
      if (x === 2) abort.abort(new beam.InterruptedError('stop'));
      return new Promise<number>(() => undefined);
    });
  const asked = compute([numbers], {
    environment,
    elements: 10,
    windowInfo: false,
    signal: abort.signal,
  });
  await expect(asked).rejects.toThrow('stop');
  expect(await environment.cache()?.list()).toEqual([]);
});

test('compute() answers several PCollections in one run', async () => {
  const environment = freshEnvironment();
  const doubled = beam
    .pipeline()
    .apply(beam.create([1, 2, 3]))
    .map(double);
  const answers = await compute([doubled.map((x) => x + 1), doubled.map((x) => x - 1), doubled], {
    environment,
    elements: 10,
    windowInfo: false,
    signal: new AbortController().signal,
  });
  expect(answers.map(({ values }) => values)).toEqual([
    [3, 5, 7],
    [1, 3, 5],
    [2, 4, 6],
  ]);
  expect(calls()).toBe(3);
});

/** Changes one byte in the middle of every file of the cache. */
async function damageCache(): Promise<number> {
  const paths = (await readdir(join(folder, 'cache'), { recursive: true })).map((name) =>
    join(folder, 'cache', name),
  );
  let damaged = 0;
  for (const path of paths) {
    if (!(await stat(path)).isFile()) continue;
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    await writeFile(path, bytes);
    damaged += 1;
  }
  return damaged;
}

test('compute() computes a damaged entry anew, says so, and mends it', async () => {
  const environment = freshEnvironment();
  const build = () =>
    beam
      .pipeline()
      .apply(beam.create([1, 2, 3]))
      .map(double);
  await ask(build(), environment);
  expect(await damageCache()).toBeGreaterThan(0);
  expect(await ask(build(), environment)).toMatchObject({ origin: 'computed', values: [2, 4, 6] });
  expect(environment.takeNotices().join()).toMatch(/damaged|whole/);
  expect(await ask(build(), environment)).toMatchObject({ origin: 'cache', values: [2, 4, 6] });
});

test('compute() goes on from the sources when the entry that a request starts from is damaged', async () => {
  const environment = freshEnvironment();
  const doubled = beam
    .pipeline()
    .apply(beam.create([1, 2, 3]))
    .map(double);
  await ask(doubled, environment);
  await damageCache();
  const answer = await ask(
    doubled.map((x) => x + 1),
    environment,
  );
  expect(answer.values).toEqual([3, 5, 7]);
});

test('compute() keeps nothing of a file that changed while it was read', async () => {
  const file = join(folder, 'words.txt');
  await writeFile(file, 'one\ntwo\n');
  const environment = freshEnvironment();
  // Once it was read: the next request must see this, and not what came out now.
  Reflect.set(globalThis, 'millraceTestEdit', () => writeFileSync(file, 'three\n'));
  const read = () =>
    beam
      .pipeline()
      .apply(beam.io.readFromText(file))
      .map((word) => {
        if (word === 'two') (Reflect.get(globalThis, 'millraceTestEdit') as () => void)();
        return word;
      });
  expect(await ask(read(), environment)).toMatchObject({
    values: ['one', 'two'],
    notCached: 'an input file changed while it was read',
  });
  expect((await ask(read(), environment)).values).toEqual(['three']);
});

test('compute() takes no other PCollection of the same name for an earlier version', async () => {
  const environment = freshEnvironment();
  const numbers = beam.pipeline().apply(beam.create([1, 2, 3]));
  await ask(
    numbers.filter((x) => x > 1).map((x) => x),
    environment,
  );
  const other = await ask(
    numbers.flatMap((x) => [x]).map((x) => x),
    environment,
  );
  expect(other.why).toBe('it was never computed before');
});

test('compute() of several PCollections blames none for what changed only upstream of another', async () => {
  const environment = freshEnvironment();
  const build = (factor: number) => {
    const numbers = beam.pipeline().apply(beam.create([1, 2, 3]));
    const times = numbers.map(beam.withName('Times', (x: number) => x * factor));
    return [times, numbers.map(beam.withName('Negate', (x: number) => -x))] as const;
  };
  const options = {
    environment,
    elements: 10,
    windowInfo: false,
    signal: new AbortController().signal,
  };
  await compute(build(2), options);
  await environment.cache()?.clear();
  const answers = await compute(build(3), options);
  expect(answers.map(({ why }) => why)).toEqual([
    '"Times": value "factor" changed',
    'it is no longer in the cache',
  ]);
});
