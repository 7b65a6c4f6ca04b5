import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { processMonitoringInfos, ShortIds } from '../../../../runtime/src/portable/worker/short-ids.ts';
import { MonitoringInfoSchema } from '../../../../runtime/src/proto/metrics.ts';

const info = (labels: Record<string, string>, payload: number) =>
  create(MonitoringInfoSchema, { urn: 'u', type: 't', labels, payload: Uint8Array.of(payload) });

test('ShortIds gives one id to infos that differ in payload, or in the order of their labels', () => {
  const ids = new ShortIds();
  const [first] = Object.keys(ids.shorten([info({ a: '1', b: '2' }, 1)]));
  expect(ids.shorten([info({ b: '2', a: '1' }, 7)])).toEqual({ [first ?? '']: Uint8Array.of(7) });
});

test('ShortIds gives other ids to other labels, and says what they mean, without payload', () => {
  const ids = new ShortIds();
  const short = Object.keys(ids.shorten([info({ a: '1' }, 1), info({ a: '2' }, 2)]));
  expect(new Set(short).size).toBe(2);
  expect(Object.values(ids.meaning(short)).map(({ labels, payload }) => [labels, [...payload]])).toEqual([
    [{ a: '1' }, []],
    [{ a: '2' }, []],
  ]);
});

test('ShortIds refuses to explain an id that it did not give', () => {
  expect(() => new ShortIds().meaning(['zz'])).toThrow('received "zz"');
});

test('processMonitoringInfos() encodes the time and the bytes as two varints', () => {
  const [{ payload } = { payload: new Uint8Array() }] = processMonitoringInfos(300);
  expect([...payload.subarray(0, 2)]).toEqual([0xac, 0x02]); // 300, in the encoding of the protobuf guide
  expect(payload.length).toBeGreaterThan(4); // more than 2^14 bytes
});
