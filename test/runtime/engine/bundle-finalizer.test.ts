import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from './run-fragment.ts';

const context = { finalizer: beam.bundleFinalizerParam() };

/** Notes what happens in a run of the numbers 0 to 4, two a bundle. */
async function noted(
  register: (finalizer: beam.BundleFinalizer, n: number, note: (text: string) => void) => void,
) {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const out = beam
    .pipeline()
    .apply(beam.create([0, 1, 2, 3, 4]))
    .apply(
      beam.parDo<number, number, typeof context>(
        {
          name: 'Acknowledge',
          process(n, { finalizer }) {
            register(finalizer, n, note);
            return [n];
          },
        },
        context,
      ),
    )
    .map((n) => {
      note(`element ${n}`);
      return n;
    });
  await collect(out, { bundleSize: 2 });
  return notes;
}

test('A bundle finalizer is called when its bundle has ended, in order, and waited for', async () => {
  const notes = await noted((finalizer, n, note) =>
    finalizer.register(async () => {
      await Promise.resolve();
      note(`done ${n}`);
    }),
  );
  expect(notes).toEqual([
    'element 0',
    'element 1',
    'done 0',
    'done 1',
    'element 2',
    'element 3',
    'done 2',
    'done 3',
    'element 4',
    'done 4',
  ]);
});

test('A bundle finalizer may be registered in startBundle and finishBundle', async () => {
  const notes: string[] = [];
  const doFn: beam.DoFn<number, number, typeof context> = {
    startBundle: ({ finalizer }) => finalizer.register(() => void notes.push('start')),
    process: () => [],
    finishBundle: ({ finalizer }) => finalizer.register(() => void notes.push('finish')),
  };
  await collect(
    beam
      .pipeline()
      .apply(beam.create([1]))
      .apply(beam.parDo(doFn, context)),
  );
  expect(notes).toEqual(['start', 'finish']);
});

test('What a bundle finalizer throws fails the run, with the name of the transform', async () => {
  const failing = noted((finalizer) => finalizer.register(() => Promise.reject(new Error('queue is gone'))));
  await expect(failing).rejects.toThrow(/"ParDo\(Acknowledge\)" threw in a bundle finalizer: queue is gone/);
  await expect(noted((finalizer) => finalizer.register('x' as never))).rejects.toThrow(
    /as it must be a function: received the string "x"/,
  );
});

test('Finalizers of a bundle that failed are not called', async () => {
  const notes: string[] = [];
  const doFn: beam.DoFn<number, number, typeof context> = {
    process(n, { finalizer }) {
      finalizer.register(() => void notes.push(`done ${n}`));
      if (n === 3) throw new Error('three');
      return [n];
    },
  };
  const out = beam
    .pipeline()
    .apply(beam.create([0, 1, 2, 3]))
    .apply(beam.parDo(doFn, context));
  await expect(collect(out, { bundleSize: 2 })).rejects.toThrow('three');
  expect(notes).toEqual(['done 0', 'done 1']);
});
