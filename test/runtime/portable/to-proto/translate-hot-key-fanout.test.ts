import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { AccumulationMode_Enum } from '../../../../runtime/src/proto/runner-api.ts';
import { brokenIds, portableOf } from '../../../support/portable.ts';

test('toPortable() has the parts of hot keys discard where panes accumulate, and the whole accumulate', async () => {
  const sums = beam
    .pipeline()
    .apply(beam.create([{ key: 'a', value: 1 }]))
    .apply(
      beam.windowInto(beam.windows.fixed(10), {
        trigger: beam.triggers.repeatedly(beam.triggers.afterCount(1)),
        accumulationMode: 'accumulating',
      }),
    )
    .apply(beam.combinePerKey(beam.sum()).withHotKeyFanout(2));
  const { proto } = await portableOf([sums]);
  expect(brokenIds(proto)).toEqual([]);
  const { transforms = {}, pcollections = {}, windowingStrategies = {} } = proto.components ?? {};
  const modes = Object.entries(transforms)
    .filter(([, { spec }]) => spec?.urn === 'beam:transform:group_by_key:v1')
    .map(([id, { inputs }]) => {
      const [input = ''] = Object.values(inputs);
      const mode = windowingStrategies[pcollections[input]?.windowingStrategyId ?? '']?.accumulationMode;
      return [id, AccumulationMode_Enum[mode ?? 0]];
    });
  expect(modes).toEqual([
    ['CombinePerKey(Sum)/Parts/Combine/GroupByKey', 'DISCARDING'],
    ['CombinePerKey(Sum)/Whole/Combine/GroupByKey', 'ACCUMULATING'],
  ]);
});
