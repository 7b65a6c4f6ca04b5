import { expect, test } from 'vitest';
import type { Clock } from '../../../runtime/src/engine/clock.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';
import { MAX_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';
import type { UnboundedSource } from '../../../runtime/src/model/unbounded-source.ts';
import type { WindowFn } from '../../../runtime/src/model/window-fn.ts';
import { collect } from './run-fragment.ts';

/** Processing time that goes on only while somebody waits for it. */
class StepClock implements Clock {
  readonly waits: number[] = [];
  #now = 0;

  now(): number {
    return this.#now;
  }

  wait(until: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waits.push(until);
    this.#now = Math.max(this.#now, until);
    return Promise.resolve();
  }
}

/** Each second the number of the second, for ever or up to `last`. */
function seconds(last = Infinity): UnboundedSource<number, number> {
  return {
    start: () => Promise.resolve([0]),
    async poll(position, { emit, now, limit }) {
      let next = position;
      for (let left = limit; left > 0 && next * 1000 <= now && next <= last; left--) {
        await emit(next, next * 1000);
        next += 1;
      }
      return next > last
        ? { position: undefined, watermark: MAX_TIMESTAMP, resumeAt: now }
        : { position: next, watermark: next * 1000, resumeAt: next * 1000 };
    },
  };
}

const read = (source: UnboundedSource<unknown>, pipeline = beam.pipeline()) =>
  pipeline.addPrimitive({
    label: 'Read',
    spec: { kind: 'readUnbounded', source, isBounded: false },
    inputs: [],
  }).main as PCollection<number>;

const TEN_SECONDS: WindowFn = {
  assign(timestamp) {
    const start = Math.floor(timestamp / 10_000) * 10_000;
    return [{ kind: 'interval', start, end: start + 10_000 }];
  },
};

const perTenSeconds = (input: PCollection<number>) =>
  (
    input.pipeline.addPrimitive({
      label: 'WindowInto',
      spec: { kind: 'windowInto', windowing: { ...input.windowing, windowFn: TEN_SECONDS } },
      inputs: [input],
    }).main as PCollection<number>
  )
    .map((value) => ({ key: 'all', value }))
    .apply(beam.combinePerKey(beam.sum()))
    .map(({ value }) => value);

test('run() reads an unbounded source until it ends, and emits windows as the watermark passes them', async () => {
  const clock = new StepClock();
  const emitted: string[] = [];
  const sums = perTenSeconds(read(seconds(24))).map((sum) => {
    emitted.push(`${sum} at ${clock.now()}`);
    return sum;
  });
  const { values, isClosed, stoppedEarly } = await collect(sums, { clock });
  expect({ values, isClosed, stoppedEarly }).toEqual({
    values: [45, 145, 110],
    isClosed: true,
    stoppedEarly: false,
  });
  expect(emitted).toEqual(['45 at 9000', '145 at 19000', '110 at 24000']);
});

test('run() stops an unbounded source when its sink has enough', async () => {
  const { values, isClosed, stoppedEarly } = await collect(read(seconds()), {
    clock: new StepClock(),
    limit: 3,
  });
  expect({ values, isClosed, stoppedEarly }).toEqual({
    values: [0, 1, 2],
    isClosed: false,
    stoppedEarly: true,
  });
});

test('run() ends an unbounded source after a duration, and what is in open windows comes out', async () => {
  const clock = new StepClock();
  const { values, isClosed, stoppedEarly } = await collect(perTenSeconds(read(seconds())), {
    clock,
    duration: 12_500,
  });
  expect({ values, isClosed, stoppedEarly }).toEqual({
    values: [45, 33],
    isClosed: false,
    stoppedEarly: true,
  });
  expect(clock.waits.at(-1)).toBe(12_500);
});

test('run() reads two unbounded sources in turn, and waits for the slower watermark', async () => {
  const p = beam.pipeline();
  const fast = read(seconds(30), p);
  const slow = read(slower(seconds(30)), p);
  const clock = new StepClock();
  const emitted: string[] = [];
  const sums = perTenSeconds(beam.P([fast, slow]).apply(beam.flatten())).map((sum) => {
    emitted.push(`${sum} at ${clock.now()}`);
    return sum;
  });
  expect((await collect(sums, { clock })).values).toEqual([90, 290, 490, 60]);
  expect(emitted[0]).toBe('90 at 14000');
});

/** The same, five seconds later. */
function slower(source: UnboundedSource<number, number>): UnboundedSource<number, number> {
  return {
    ...source,
    async poll(position, options) {
      const polled = await source.poll(position, { ...options, now: options.now - 5000 });
      return { ...polled, resumeAt: polled.resumeAt + 5000 };
    },
  };
}

test('run() of an unbounded source ends at once when it is aborted while it waits', async () => {
  const abort = new AbortController();
  const source: UnboundedSource<number, number> = {
    start: () => Promise.resolve([0]),
    poll() {
      setImmediate(() => abort.abort(new Error('enough')));
      return Promise.resolve({ position: 0, watermark: 0, resumeAt: Date.now() + 3_600_000 });
    },
  };
  await expect(collect(read(source), { signal: abort.signal })).rejects.toThrow('enough');
});

test('run() says which read failed, when a poll does', async () => {
  const source = { ...seconds(), poll: () => Promise.reject(new Error('connection lost')) };
  await expect(collect(read(source))).rejects.toThrow(
    'Cannot read "Read" as its source failed: connection lost',
  );
});

test('run() plays a test stream event by event, each with all that follows from it', async () => {
  const at = (value: number) => ({ value, timestamp: value * 1000 });
  const stream = beam.pipeline().addPrimitive({
    label: 'TestStream',
    spec: {
      kind: 'testStream',
      events: [
        { kind: 'elements', elements: [at(1), at(12)] },
        { kind: 'watermark', watermark: 10_000 },
        { kind: 'elements', elements: [at(2), at(13)] },
        { kind: 'watermark', watermark: 20_000 },
        { kind: 'processingTime', advanceBy: 5000 },
        { kind: 'elements', elements: [at(25)] },
      ],
    },
    inputs: [],
  }).main as PCollection<number>;
  const { values, counters } = await collect(perTenSeconds(stream));
  expect(values).toEqual([1, 25, 25]);
  expect(Object.values(counters)).toEqual([{ droppedDueToLateness: 1 }]);
});
