import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { OutputBytes } from '../../../../../runtime/src/coders/output-bytes.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import * as beam from '../../../../../runtime/src/index.ts';
import { takeSideInputs } from '../../../../../runtime/src/model/side-input.ts';
import { StateRequestSchema, StateResponseSchema } from '../../../../../runtime/src/proto/fn-api.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';
import { BundleRunner } from '../../../../support/bundle-runner.ts';

const VALUE = new ValueCoder();

const bytesOf = (values: readonly unknown[]) => {
  const out = new OutputBytes();
  for (const value of values) VALUE.encode(value, out);
  return out.take();
};

/** A map that adds up its side input for each element, and a runner that gives it in pages. */
function sumRunner(pages: readonly (readonly number[])[]) {
  const asked: string[] = [];
  const side = beam.pipeline().apply(beam.create([1]));
  const { context } = takeSideInputs({ all: beam.iterableSideInput(side) });
  const fn = (n: number, { all }: { readonly all: beam.ElementParam<Iterable<number>> }) =>
    [...all.lookup()].reduce((sum, each) => sum + each, n);
  const runner = new BundleRunner(
    { map: { kind: 'map', fn, context } },
    {
      answerState: (bytes) => {
        const { stateKey, request } = fromBinary(StateRequestSchema, bytes);
        const place = stateKey?.type.case === 'iterableSideInput' ? stateKey.type.value : undefined;
        const from = request.case === 'get' ? Number(Buffer.from(request.value.continuationToken)) : 0;
        asked.push(`${place?.transformId} ${place?.sideInputId} ${from}`);
        const value = {
          data: bytesOf(pages[from] ?? []),
          continuationToken: Buffer.from(from + 1 < pages.length ? String(from + 1) : ''),
        };
        const response = create(StateResponseSchema, { response: { case: 'get', value } });
        return toBinary(StateResponseSchema, response);
      },
    },
  );
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', VALUE)
      .step(
        'Sum',
        { kind: 'spec', name: 'Sum', export: 'map' },
        { from: 'in', to: { main: 'out' }, coder: VALUE, sides: { all: 'side' } },
      )
      .sink('sink', 'out', VALUE)
      .build(),
  );
  return { runner, asked };
}

test('a side input of one page is fetched once for each bundle', async () => {
  const { runner, asked } = sumRunner([[10, 20]]);
  const io = { input: [1, 2], coder: VALUE, sinks: { sink: VALUE } };
  expect(await runner.run('1', io)).toEqual({ sink: [31, 32] });
  expect(await runner.run('2', io)).toEqual({ sink: [31, 32] });
  expect(asked).toEqual(['Sum all 0', 'Sum all 0']);
});

test('a side input of many pages is fetched each time that it is gone through', async () => {
  const { runner, asked } = sumRunner([[10], [20], [30]]);
  expect(await runner.run('1', { input: [1, 2], coder: VALUE, sinks: { sink: VALUE } })).toEqual({
    sink: [61, 62],
  });
  expect(asked.filter((each) => each === 'Sum all 2')).toHaveLength(2);
});
