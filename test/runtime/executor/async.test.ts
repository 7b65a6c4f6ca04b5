import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_IN_FLIGHT } from '../../../runtime/src/executor/in-order.ts';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const numbers = (count: number) =>
  beam.pipeline().apply(beam.create(Array.from({ length: count }, (_, index) => index)));

test('an async function runs up to MAX_IN_FLIGHT calls at once, outputs in the order of inputs', async () => {
  let running = 0;
  let most = 0;
  const target = numbers(100).map(async (n) => {
    most = Math.max(most, ++running);
    await sleep(n % 7);
    running -= 1;
    return n;
  });
  const { values } = await collect(target);
  expect(values).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(most).toBe(MAX_IN_FLIGHT);
});

test('all kinds of functions give the same, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer(), { maxLength: 40 }), async (elements) => {
      const input = beam.pipeline().apply(beam.create(elements));
      const expected = elements.flatMap((n) => [n, n + 1]);
      const forms = [
        input.flatMap((n) => [n, n + 1]),
        input.flatMap((n) => new Set([n, n + 1])),
        input.flatMap(function* (n) {
          yield n;
          yield n + 1;
        }),
        input.flatMap((n) => Promise.resolve([n, n + 1])),
        input.flatMap(async function* (n) {
          yield n;
          await Promise.resolve();
          yield n + 1;
        }),
        // Sync or async from element to element: the order stays.
        input.flatMap((n) => (n % 2 === 0 ? Promise.resolve([n, n + 1]) : [n, n + 1])),
        input.apply(
          beam.parDo(async function* (n: number) {
            yield n;
            await Promise.resolve();
            yield n + 1;
          }),
        ),
        input
          .map((n) => Promise.resolve(n))
          .filter((n) => Promise.resolve(n === n))
          .flatMap((n) => [n, n + 1]),
      ];
      for (const form of forms) expect((await collect(form)).values).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

test('async generators that emit much wait for their turn', async () => {
  let pulled = 0;
  const target = numbers(2).flatMap(async function* (n) {
    if (n === 0) await sleep(20);
    for (let i = 0; i < 1000; i++) {
      if (n === 1) pulled++;
      yield n;
      if (n === 0 && i === 0) expect(pulled).toBeLessThan(200);
    }
  });
  const { values } = await collect(target);
  expect(values.length).toBe(2000);
  expect(values.indexOf(1)).toBe(1000);
});

test('a failure of an async function ends the run at once, and names the element', async () => {
  const target = numbers(50)
    .map(async (n) => {
      await sleep(1);
      if (n === 20) throw new Error('no such user');
      return n;
    })
    .map((n) => n * 2);
  await expect(collect(target)).rejects.toMatchObject({
    name: 'UserCodeError',
    transform: 'Map',
    method: 'map',
    element: 20,
    cause: new Error('no such user'),
  });
});

test('back-pressure of a sink holds async producers', async () => {
  let added = 0;
  let most = 0;
  let made = 0;
  const target = numbers(200).map((n) => {
    made++;
    return Promise.resolve(n);
  });
  await collect(
    target.filter(() => true),
    {
      also: new Map([
        [
          target,
          {
            add: async () => {
              await sleep(0);
              added++;
              most = Math.max(most, made - added);
            },
            close: () => undefined,
          },
        ],
      ]),
    },
  );
  expect(added).toBe(200);
  expect(most).toBeLessThanOrEqual(MAX_IN_FLIGHT + 1);
});
