import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

/** One step of a chain: `give` says what its function gives. */
interface Step {
  readonly kind: 'map' | 'filter';
  readonly give: (n: number) => unknown;
}

const plainly: readonly Step[] = [
  { kind: 'map', give: (n) => n + 1 },
  { kind: 'map', give: (n) => n * 3 },
  { kind: 'filter', give: (n) => n % 3 !== 0 },
  { kind: 'filter', give: (n) => (n % 5 === 0 ? undefined : 'truthy') },
  { kind: 'filter', give: () => true },
];
const asynchronously: readonly Step[] = [
  { kind: 'map', give: (n) => Promise.resolve(n - 1) },
  { kind: 'map', give: (n) => (n % 31 === 0 ? Promise.resolve(n + 2) : n + 2) },
  { kind: 'map', give: (n) => (n % 29 === 0 ? { then: (done: (n: number) => void) => done(n - 5) } : n - 5) },
  { kind: 'filter', give: (n) => Promise.resolve(n % 2 === 0) },
  { kind: 'filter', give: (n) => (n % 37 === 0 ? Promise.resolve(false) : n % 4 !== 0) },
];

/** Fails for some elements. */
const failing: Step = {
  kind: 'map',
  give: (n) => {
    if (n % 71 === 0) throw new RangeError(`${n} is not wanted`);
    return n;
  },
};

/** Applies steps "1", "2" … */
function chain(elements: readonly number[], steps: readonly Step[]): PCollection<number>[] {
  const all: PCollection<number>[] = [beam.pipeline().apply(beam.create(elements))];
  for (const [index, { kind, give }] of steps.entries()) {
    const [input] = all.slice(-1) as [PCollection<number>];
    const fn = beam.withName(`${index + 1}`, give);
    all.push(
      kind === 'map' ? input.map(fn as (n: number) => number) : input.filter(fn as (n: number) => boolean),
    );
  }
  return all;
}

function at(all: readonly PCollection<number>[], index: number): PCollection<number> {
  const found = all[index];
  if (found === undefined) throw new RangeError(`Cannot take a step as it must be there: received ${index}`);
  return found;
}

/** What there is after each step, by a loop: or the first step and element to fail. */
async function byHand(elements: readonly number[], steps: readonly Step[]) {
  const after: number[][] = [[...elements], ...steps.map(() => [])];
  for (const element of elements) {
    let n = element;
    for (const [index, { kind, give }] of steps.entries()) {
      let given: unknown;
      try {
        given = await give(n);
      } catch (error) {
        return { failure: `"${index + 1}" threw in ${kind}: ${(error as Error).message}`, element: n };
      }
      if (kind === 'filter' && !given) break;
      if (kind === 'map') n = given as number;
      after[index + 1]?.push(n);
    }
  }
  return { values: after.at(-1), counts: after.map(({ length }) => length) };
}

async function byRun(elements: readonly number[], steps: readonly Step[]) {
  const all = chain(elements, steps);
  try {
    const { values, elements: counted } = await collect(at(all, steps.length));
    return { values, counts: all.map(({ id }) => counted.get(id)) };
  } catch (error) {
    const { message, element } = error as beam.UserCodeError;
    return { failure: message, element };
  }
}

const elements = fc.array(fc.nat(1000), { minLength: 0, maxLength: 400, size: 'max' });
const stepsOf = (steps: readonly Step[]) =>
  fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 30 });

test('a run of maps and filters gives, and counts, what a loop does', async () => {
  await fc.assert(
    fc.asyncProperty(elements, stepsOf([...plainly, ...asynchronously]), async (numbers, steps) => {
      expect(await byRun(numbers, steps)).toEqual(await byHand(numbers, steps));
    }),
    { numRuns: 60 },
  );
});

test('the first function that throws is named, with its element', async () => {
  await fc.assert(
    fc.asyncProperty(elements, stepsOf([...plainly, failing]), async (numbers, steps) => {
      expect(await byRun(numbers, steps)).toEqual(await byHand(numbers, steps));
    }),
    { numRuns: 60 },
  );
});

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test('what a map gives goes on as it is: null, undefined, objects and functions', async () => {
  const kinds = [null, undefined, { then: 'no function' }, () => 1, [], -0, NaN, '', 1n];
  const target = beam
    .pipeline()
    .apply(beam.create(numbers(900)))
    .map((n) => n % kinds.length)
    .map((kind): unknown => kinds[kind])
    .map((value) => value);
  const { values } = await collect(target);
  expect(values).toEqual(numbers(900).map((n) => kinds[n % kinds.length]));
  expect(Object.is(values[5], values[5 + kinds.length * 50])).toBe(true);
});

test('metrics belong to the step that reports them', async () => {
  const target = beam
    .pipeline()
    .apply(beam.create(numbers(500)))
    .map(
      beam.withName('A', (n: number, { seen }: { readonly seen: beam.Counter }) => {
        seen.increment();
        return n;
      }),
      { seen: beam.counter('seen') },
    )
    .filter(
      beam.withName('B', (n: number, { seen }: { readonly seen: beam.Counter }) => {
        if (n % 2 === 0) seen.increment();
        return n % 2 === 0;
      }),
      { seen: beam.counter('seen') },
    );
  const { counters } = await collect(target);
  expect(counters).toEqual({ A: { seen: 500 }, B: { seen: 250 } });
});

test('a run stops as soon as its sink has enough, and calls no function again', async () => {
  let calls = 0;
  const target = beam
    .pipeline()
    .apply(beam.create(numbers(1000)))
    .map((n) => n + 1)
    .map((n) => {
      calls += 1;
      return n;
    });
  const { values, stoppedEarly } = await collect(target, { limit: 100 });
  expect({ count: values.length, stoppedEarly, calls }).toEqual({
    count: 100,
    stoppedEarly: true,
    calls: 100,
  });
});

test('what others take within a chain is theirs too', async () => {
  const all = chain(numbers(300), [
    { kind: 'map', give: (n) => n + 1 },
    { kind: 'map', give: (n) => n * 2 },
    { kind: 'filter', give: (n) => n % 3 === 0 },
    { kind: 'map', give: (n) => -n },
  ]);
  const kept: unknown[] = [];
  const also = new Map([[at(all, 2), { add: (n: unknown) => void kept.push(n), close: () => undefined }]]);
  const { values } = await collect(at(all, 4), { also });
  expect(kept).toEqual(numbers(300).map((n) => (n + 1) * 2));
  expect(values).toEqual(kept.filter((n) => (n as number) % 3 === 0).map((n) => -(n as number)));
});
