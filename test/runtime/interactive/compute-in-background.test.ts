import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, expectTypeOf, test, vi } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import * as ib from '../../../runtime/src/interactive/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const HOST = Symbol.for('millrace.notebook');
const defaults = { ...ib.options };
beforeEach(async () => void (ib.options.cacheRoot = await temporaryFolder()));
afterEach(() => {
  Object.assign(ib.options, defaults);
  Reflect.deleteProperty(globalThis, HOST);
  vi.restoreAllMocks();
});

/** What the functions of a test reach from outside of what they close over, so that it is no part of the fingerprint. */
interface Reach {
  calls: number;
  gate: Promise<void>;
  reached: () => void;
}
const reach = () => Reflect.get(globalThis, 'millraceTestReach') as Reach;

/** A gate that is shut, and a promise that somebody stands before it. */
function gate() {
  let open = (): void => undefined;
  let reached = (): void => undefined;
  const shut = new Promise<void>((resolve) => (open = resolve));
  const at = new Promise<void>((resolve) => (reached = resolve));
  Reflect.set(globalThis, 'millraceTestReach', { calls: 0, gate: shut, reached });
  return { open, reached: at };
}

const created = <T>(elements: readonly T[]) => beam.pipeline('numbers').apply(beam.create(elements));
const upTo = (n: number) => created(Array.from({ length: n }, (_, i) => i));

/** Waits before the gate from its second element on. */
const gated = () =>
  upTo(1000).map(async (x) => {
    const { gate, reached } = Reflect.get(globalThis, 'millraceTestReach') as Reach;
    (Reflect.get(globalThis, 'millraceTestReach') as Reach).calls += 1;
    if (x > 0) {
      reached();
      await gate;
    }
    return x;
  });

/** A notebook around us, which keeps the text of what it is asked to show. */
function notebook() {
  const shown: { text: unknown; html: unknown; displayId: string | undefined; update: boolean }[] = [];
  const abort = new AbortController();
  const host: ib.NotebookHost = {
    display({ data }, { displayId, update = false } = {}) {
      shown.push({ text: data['text/plain'], html: data['text/html'], displayId, update });
    },
    clearOutput: () => undefined,
    signal: abort.signal,
    executionCount: 1,
    variableName: () => 'squares',
  };
  Reflect.set(globalThis, HOST, host);
  return { shown, abort };
}

/** The convention names a method that gives the MIME bundle. */
const displayed = (value: object) =>
  (Reflect.get(value, Symbol.for('Jupyter.display')) as () => object).call(value);

test('compute() gives the elements of each PCollection, out of one run, and keeps them', async () => {
  gate().open();
  const numbers = gated();
  const computation = ib.compute(
    numbers,
    numbers.map((x) => `${x}`),
    { n: 2 },
  );
  expectTypeOf(computation.result).toEqualTypeOf<Promise<[number[], string[]]>>();
  expect(computation.state).toBe('RUNNING');
  expect(await computation.result).toEqual([
    [0, 1],
    ['0', '1'],
  ]);
  expect(computation.state).toBe('DONE');
  const [whole] = await ib.compute(numbers).result;
  const { calls } = reach();
  expect(await ib.collect(numbers)).toEqual(whole);
  expect(reach().calls).toBe(calls);
});

test('cancel() stops the work, and resolves when no element is processed any more', async () => {
  const { open, reached } = gate();
  const computation = ib.compute(gated());
  await reached;
  const cancelled = computation.cancel();
  expect(computation.state).toBe('CANCELLING');
  expect(await cancelled).toBe('CANCELLED');
  const { calls } = reach();
  expect(calls).toBeLessThan(1000);
  open();
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  expect(reach().calls).toBe(calls);
  await expect(computation.result).rejects.toThrow(beam.InterruptedError);
  expect(await computation.cancel()).toBe('CANCELLED');
});

test('cancel() stops a function that never waits, and of what has no end', async () => {
  gate();
  const endless = upTo(1).flatMap(function* () {
    const { reached } = Reflect.get(globalThis, 'millraceTestReach') as Reach;
    for (let i = 0; ; i++) {
      (Reflect.get(globalThis, 'millraceTestReach') as Reach).calls += 1;
      reached();
      yield i;
    }
  });
  const computation = ib.compute(endless, { n: 1e15 });
  const state = await new Promise<ib.ComputationState>((resolve, reject) => {
    const stopListening = computation.onProgress(() => {
      stopListening();
      computation.cancel().then(resolve, reject);
    });
  });
  expect(state).toBe('CANCELLED');
  const { calls } = reach();
  expect(calls).toBeGreaterThan(0);
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  expect(reach().calls).toBe(calls);
});

test('the user signal and an interrupt of its cell cancel a computation, also before it begins', async () => {
  const { abort } = notebook();
  const { reached } = gate();
  const own = new AbortController();
  const both = [ib.compute(gated(), { signal: own.signal }), ib.compute(gated())];
  await reached;
  own.abort(new beam.InterruptedError('by its signal'));
  abort.abort(new beam.InterruptedError('by the cell'));
  await expect(both[0]?.result).rejects.toThrow('by its signal');
  await expect(both[1]?.result).rejects.toThrow('by the cell');
  const { calls } = reach();
  const late = ib.compute(gated());
  await expect(late.result).rejects.toThrow('by the cell');
  expect([late.state, reach().calls]).toEqual(['CANCELLED', calls]);
});

test('progress tells stage, elements and per cent of a file, and its listeners hear of the end', async () => {
  const file = join(await temporaryFolder(), 'words.txt');
  await writeFile(file, 'a\nb\nc\n');
  const heard: ib.ComputationProgress[] = [];
  const computation = ib.compute(beam.pipeline().apply(beam.io.readFromText(file)));
  expect(computation.progress).toMatchObject({ stage: undefined, elements: 0, percent: undefined });
  computation.onProgress((progress) => heard.push(progress));
  await computation.result;
  expect(computation.progress).toMatchObject({ elements: 3, percent: 100, totalBytes: 6 });
  expect(computation.progress.stage).toContain('ReadFromText');
  expect(heard.at(-1)).toEqual(computation.progress);
  const after: number[] = [];
  computation.onProgress(({ elements }) => after.push(elements));
  expect(after).toEqual([3]);
});

test('onProgress() goes on without a listener that throws', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const computation = ib.compute(upTo(3));
  computation.onProgress(() => {
    throw new RangeError('mine');
  });
  expect(await computation.result).toEqual([[0, 1, 2]]);
  expect(error.mock.calls).toEqual([['A listener to the progress of Create threw: RangeError: mine']]);
});

const failing = () =>
  upTo(3).map((x) => {
    if (x === 1) throw new RangeError('<one>');
    return x;
  });

test('a computation that fails rejects its result, and writes to the console where nobody asks for it', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const asked = ib.compute(failing());
  await expect(asked.result).rejects.toThrow('"Map" threw in map: <one>');
  expect(asked.state).toBe('FAILED');
  expect(error).not.toHaveBeenCalled();
  const unasked = ib.compute(failing());
  await new Promise<void>((resolve) => {
    unasked.onProgress(() => {
      if (unasked.state === 'FAILED') resolve();
    });
  });
  await setImmediate();
  expect(String(error.mock.calls[0]?.[0])).toMatch(
    /^Computation of Map: FAILED[^]*"Map" threw in map: <one>/,
  );
});

test('a computation shows itself in a notebook, in one place, until it has ended', async () => {
  const { shown } = notebook();
  const { open, reached } = gate();
  const computation = ib.compute(gated());
  await reached;
  expect(displayed(computation)).toEqual({});
  open();
  await computation.result;
  expect(shown[0]).toMatchObject({ update: false });
  expect(shown.at(-1)).toMatchObject({ update: true, displayId: shown[0]?.displayId });
  expect(shown[0]?.text).toMatch(/^squares/);
  expect(shown.at(-1)?.text).toMatch(/^squares · .*1,000 elements.*done after/);
});

test('a computation that failed shows its error, escaped', async () => {
  const { shown } = notebook();
  const computation = ib.compute(failing());
  await expect(computation.result).rejects.toThrow();
  displayed(computation);
  expect(shown[0]?.text).toMatch(/failed after .*\n.*"Map" threw in map: <one>/);
  expect(shown[0]?.html).toContain('&lt;one&gt;');
});

test('a computation is a line of text where there is no notebook', async () => {
  const computation = ib.compute(upTo(3));
  expect(inspect(computation)).toBe('Computation of Create: RUNNING');
  await computation.result;
  expect(String(computation)).toBe('Computation of Create: DONE, 3 elements read by "Create"');
  expect(Reflect.get(displayed(computation), 'text/plain')).toMatch(/Create.*done after/);
});

test('compute() refuses what it cannot compute', () => {
  expect(() => ib.compute()).toThrow('Cannot compute as it takes PCollections');
  expect(() => ib.compute(5 as never)).toThrow('Cannot compute as it takes PCollections');
  expect(() => ib.compute(upTo(1), { n: -1 })).toThrow('Cannot compute as n must be');
  expect(() => ib.compute(upTo(1), { duration: 0 })).toThrow('Cannot compute as duration must be');
});
