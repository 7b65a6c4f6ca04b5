/**
 * Pipelines of the system tests of jobs, each a function that builds it: they run in processes of their own, as a
 * person's would.
 *
 * Every answer is written as lines of text to `${folder}/answer-…`; `folder` is also where a DoFn says that it is in
 * the middle of its bundle, and is told to go on.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as beam from 'millrace';

const sumOf = (values) => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

/** `keys` groups of the numbers 0 … count - 1, and of each group how many, their sum, the smallest and the largest. */
function groups(p, { count, keys }) {
  const parts = 100;
  return p
    .apply(beam.create(Array.from({ length: parts }, (_, part) => part)))
    .flatMap(function* (part) {
      const size = count / parts;
      for (let n = part * size; n < (part + 1) * size; n++) yield { key: n % keys, value: n };
    })
    .apply(beam.groupByKey())
    .map(({ key, value }) => {
      let [length, sum, least, most] = [0, 0, Infinity, -Infinity];
      for (const n of value) {
        length += 1;
        sum += n;
        least = Math.min(least, n);
        most = Math.max(most, n);
      }
      return [key, length, sum, least, most].join(' ');
    });
}

/** One element of `bytes` bytes, through a GroupByKey: its key, size and digest. */
function large(p, { bytes }) {
  return p
    .apply(beam.create([bytes]))
    .map((size) => ({ key: 'large', value: new Uint8Array(size).map((_, index) => (index * 31 + 7) % 251) }))
    .apply(beam.groupByKey())
    .flatMap(function* ({ key, value }) {
      for (const one of value) yield `${key} ${one.length} ${createHash('sha256').update(one).digest('hex')}`;
    });
}

/** Branches that wait for each other, so that nothing ends unless all of their bundles are open at once. */
function together(p, { folder, branches }) {
  class WaitForAll {
    async *process(branch) {
      writeFileSync(path.join(folder, `open-${branch}`), '');
      while (readdirSync(folder).filter((name) => name.startsWith('open-')).length < branches)
        await delay(50);
      yield `branch ${branch}`;
    }
  }
  const all = Array.from({ length: branches }, (_, branch) =>
    p
      .apply(beam.withName(`Create${branch}`, beam.create([branch])))
      .apply(beam.withName(`Wait${branch}`, beam.parDo(new WaitForAll()))),
  );
  return beam.P(all).apply(beam.flatten());
}

/** DoFns that wait: `count` elements, each delayed; says how many of a bundle were under way at most. */
function waiting(p, { count }) {
  let open = 0;
  let most = 0;
  return p
    .apply(beam.create(Array.from({ length: count }, (_, n) => n)))
    .map(async (n) => {
      open += 1;
      most = Math.max(most, open);
      await delay(n % 7);
      open -= 1;
      return { key: n % 10, value: n, most };
    })
    .map(({ key, value, most: atMost }) => ({ key, value: { value, atMost } }))
    .apply(beam.groupByKey())
    .map(async ({ key, value }) => {
      const values = [...value];
      await delay(1);
      const atOnce = Math.max(...values.map(({ atMost }) => atMost));
      return `${key} ${values.length} ${sumOf(values.map((one) => one.value))} ${atOnce > 1 ? 'at once' : 'alone'}`;
    });
}

/**
 * Squares of 0 … count - 1, in sums by their last digit; one DoFn stops at the element in the middle of its bundle,
 * says so by a file that names its process, and waits until `${folder}/go` is there.
 */
function interrupted(p, { folder, count }) {
  const middle = Math.floor(count / 2);
  class Stop {
    async *process(n) {
      if (n === middle) {
        const file = path.join(folder, `here-${process.pid}`);
        writeFileSync(`${file}.part`, JSON.stringify({ pid: process.pid, parent: process.ppid }));
        renameSync(`${file}.part`, file); // whole at once
        while (!existsSync(path.join(folder, 'go'))) await delay(50);
      }
      yield { key: n % 10, value: n * n };
    }
  }
  return p
    .apply(beam.create(Array.from({ length: count }, (_, n) => n)))
    .apply(beam.parDo(new Stop()))
    .apply(beam.combinePerKey(beam.sum()))
    .map(({ key, value }) => `${key} ${value}`);
}

/** Offsets of one restriction, which waits in its middle until another part of it was begun: it must be split while it is worked on. */
function splitWhileRunning(p, { folder, count }) {
  const ranges = {
    initialRestriction: () => beam.offsetRange(0, count),
    createTracker: (range) => new beam.OffsetRangeTracker(range),
  };
  const doFn = {
    async *process(_, { work }) {
      const { start } = work.currentRestriction();
      writeFileSync(path.join(folder, `begun-${start}`), '');
      const isSplit = () => readdirSync(folder).filter((name) => name.startsWith('begun-')).length > 1;
      for (let n = start; work.tryClaim(n); n++) {
        if (n === 10) while (!isSplit()) await delay(50);
        yield `offset ${n}`;
      }
    },
  };
  return p.apply(beam.create(['all'])).apply(beam.parDo(doFn, { work: beam.restrictionParam(ranges) }));
}

/** Elements whose bundles say when they are committed. */
function finalized(p, { folder, count }) {
  const acknowledge = {
    process(n, { finalizer }) {
      finalizer.register(() => writeFileSync(path.join(folder, `committed-${n}`), ''));
      return [`element ${n}`];
    },
  };
  return p
    .apply(beam.create(Array.from({ length: count }, (_, n) => n)))
    .apply(beam.parDo(acknowledge, { finalizer: beam.bundleFinalizerParam() }));
}

/** Two elements become `count` of `bytes` bytes; who takes them is slow. Tells how large its process ever was before and after that. */
function slow(p, { count, bytes }) {
  class TakeSlowly {
    async *process({ value }) {
      const [one] = value;
      await delay(5);
      // getrusage() would count the process that started this one.
      const peakMb = Math.ceil(
        Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024,
      );
      yield { key: 'all', value: { bytes: one.length, peakMb } };
    }
  }
  // In two parts, as Beam's Flink runner 2.62 keeps all that a bundle made in memory until the bundle has ended.
  const parts = [0, 1].map((part) =>
    p.apply(beam.withName(`Create${part}`, beam.create([part]))).flatMap(
      beam.withName(`Make${part}`, function* (first) {
        for (let key = first; key < count; key += 2)
          yield { key, value: new Uint8Array(bytes).fill(key % 251) };
      }),
    ),
  );
  return beam
    .P(parts)
    .apply(beam.flatten())
    .apply(beam.groupByKey())
    .apply(beam.parDo(new TakeSlowly()))
    .apply(beam.groupByKey())
    .map(({ value }) => {
      const values = [...value];
      const peak = Math.max(...values.map(({ peakMb }) => peakMb));
      return `${sumOf(values.map((one) => one.bytes))} bytes, ${Math.min(...values.map(({ peakMb }) => peakMb))} MB, then ${peak} MB`;
    });
}

/**
 * A stream of `count` events, `batch` of them each 100 ms, a second of event time apart from one to the next: how many of each
 * of 3 keys are in each 10 seconds. Each pane is a file of `${folder}`, named by key, window and pane: written anew where a
 * bundle is tried again, with the same content, if the panes are the same. A file for each time that reading begins.
 */
function panes(p, { folder, count, batch }) {
  const source = {
    async start() {
      writeFileSync(path.join(folder, `start-${process.pid}-${Date.now()}`), '');
      return [0];
    },
    async poll(position, { emit, now }) {
      const end = Math.min(count, position + batch);
      for (let n = position; n < end; n++) await emit(n, n * 1000);
      const next = end === count ? undefined : end;
      return { position: next, watermark: end * 1000, resumeAt: now + 100 };
    },
  };
  const write = (where, content) => {
    const file = path.join(folder, where);
    writeFileSync(`${file}.${process.pid}.part`, content);
    renameSync(`${file}.${process.pid}.part`, file); // whole at once
  };
  const events = p.addPrimitive({
    label: 'Events',
    spec: { kind: 'readUnbounded', source, isBounded: false },
    inputs: [],
  });
  return events.main
    .map((n) => ({ key: n % 3, value: n }))
    .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
    .apply(beam.combinePerKey(beam.count()))
    .apply(beam.reify())
    .map(({ value: { key, value }, timestamp, window, pane }) => {
      const text = `${key} [${window.start}, ${window.end}) ${value} @${timestamp} ${pane.timing} ${pane.index}`;
      write(`pane-${key}-${window.start}-${pane.index}`, text);
      write(`here-${process.pid}`, JSON.stringify({ pid: process.pid, parent: process.ppid }));
      return text;
    });
}

export const PIPELINES = {
  panes,
  groups,
  large,
  together,
  waiting,
  interrupted,
  splitWhileRunning,
  finalized,
  slow,
};
