import { expect, test } from 'vitest';
import { KeptFinalizers } from '../../../../../runtime/src/portable/worker/bundle/kept-finalizers.ts';
import * as beam from '../../../../../runtime/src/index.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';
import { BundleRunner, encodeAll } from '../../../../support/bundle-runner.ts';

function callback(notes: string[], name: string, expiresAfterMs = 1000) {
  return {
    expiresAfterMs,
    call: () => {
      notes.push(name);
      return name === 'broken' ? Promise.reject(new Error('broken')) : Promise.resolve();
    },
  };
}

test('KeptFinalizers calls those of a bundle once, and not those of others', async () => {
  const notes: string[] = [];
  const kept = new KeptFinalizers(() => 0);
  kept.keep('b1', [callback(notes, 'one'), callback(notes, 'two')]);
  kept.keep('b2', [callback(notes, 'other')]);
  await kept.finalize('b1');
  await kept.finalize('b1');
  await kept.finalize('unknown');
  expect(notes).toEqual(['one', 'two']);
});

test('KeptFinalizers calls all of a bundle also where one fails, and tells of it', async () => {
  const notes: string[] = [];
  const kept = new KeptFinalizers(() => 0);
  kept.keep('b1', [callback(notes, 'broken'), callback(notes, 'two')]);
  await expect(kept.finalize('b1')).rejects.toThrow('broken');
  expect(notes).toEqual(['broken', 'two']);
});

test('KeptFinalizers calls none that has expired', async () => {
  const notes: string[] = [];
  let now = 0;
  const kept = new KeptFinalizers(() => now);
  kept.keep('b1', [callback(notes, 'short', 10), callback(notes, 'long', 100)]);
  now = 50;
  await kept.finalize('b1');
  expect(notes).toEqual(['long']);
});

test('BundleThread tells that a bundle is to be finalized, and calls what it registered then', async () => {
  const notes: string[] = [];
  const VALUE = new ValueCoder();
  const spec = {
    kind: 'parDo',
    doFn: {
      process(n: number, { finalizer }: { readonly finalizer: beam.BundleFinalizer }) {
        if (n > 0) finalizer.register(() => void notes.push(`done ${n}`));
        return [n];
      },
    },
    context: { finalizer: beam.bundleFinalizerParam() },
    tags: [],
  };
  const runner = new BundleRunner({ spec });
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', VALUE)
      .step(
        'Do',
        { kind: 'spec', name: 'Do', export: 'spec' },
        { from: 'in', to: { main: 'out' }, coder: VALUE },
      )
      .sink('sink', 'out', VALUE)
      .build(),
  );
  for (const [id, n] of [
    ['1', 7],
    ['2', 0],
  ] as const) {
    runner.begin(id);
    runner.data(id, encodeAll([n], VALUE));
    expect((await runner.response(id)).requiresFinalization).toBe(n > 0);
  }
  expect(notes).toEqual([]);
  await runner.ask({ kind: 'finalize', instructionId: '1' });
  expect(notes).toEqual(['done 7']);
});
