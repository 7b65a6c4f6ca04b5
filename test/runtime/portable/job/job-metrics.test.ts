import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { readJobMetrics } from '../../../../runtime/src/portable/job/job-metrics.ts';
import { MetricResultsSchema } from '../../../../runtime/src/proto/job-api.ts';
import { MonitoringInfoSchema } from '../../../../runtime/src/proto/metrics.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

function info(urn: string, type: string, labels: Record<string, string>, payload: string) {
  return create(MonitoringInfoSchema, {
    urn,
    type: `beam:metrics:${type}:v1`,
    labels,
    payload: bytes(payload),
  });
}

const elements = (pcollection: string, payload: string) =>
  info('beam:metric:element_count:v1', 'sum_int64', { PCOLLECTION: pcollection }, payload);
const user = (type: string, name: string, payload: string) =>
  info(
    `beam:metric:user:${type}:v1`,
    type,
    { PTRANSFORM: 'Map', NAMESPACE: 'millrace', NAME: name },
    payload,
  );

// Payloads as Beam Python's coders write them (VarIntCoder, FloatCoder, IterableCoder of StrUtf8Coder).
test('readJobMetrics() reads every type of a user’s metric', () => {
  const read = readJobMetrics(
    create(MetricResultsSchema, {
      committed: [
        user('sum_int64', 'rows', 'ac 02'),
        user('sum_int64', 'balance', 'ff ff ff ff ff ff ff ff ff 01'),
        user('sum_double', 'weight', '3f f8 00 00 00 00 00 00'),
        user('distribution_int64', 'sizes', '03 1e 05 0f'),
        user('distribution_int64', 'none', '00'),
        user('latest_int64', 'level', '80 01 07'),
        user('latest_double', 'heat', '80 01 40 00 00 00 00 00 00 00'),
        user('set_string', 'names', '00 00 00 02 03 c3 a4 62 01 61'),
        user('set_string', 'streamed', 'ff ff ff ff 01 01 61 01 01 62 00'),
        user('bounded_trie', 'unknown', '01'),
        user('sum_int64', 'empty', ''),
      ],
    }),
  );
  const metric = { transform: 'Map', namespace: 'millrace' };
  const sizes = { count: 3, sum: 30, min: 5, max: 15 };
  const none = { count: 0, sum: 0, min: 0, max: 0 };
  expect(read.counters).toEqual([
    { ...metric, name: 'rows', value: 300, committed: 300 },
    { ...metric, name: 'balance', value: -1, committed: -1 },
    { ...metric, name: 'weight', value: 1.5, committed: 1.5 },
  ]);
  expect(read.distributions).toEqual([
    { ...metric, name: 'sizes', value: sizes, committed: sizes },
    { ...metric, name: 'none', value: none, committed: none },
  ]);
  expect(read.gauges).toEqual([
    { ...metric, name: 'level', value: 7, committed: 7 },
    { ...metric, name: 'heat', value: 2, committed: 2 },
  ]);
  expect(read.stringSets).toEqual([
    { ...metric, name: 'names', value: ['a', 'äb'], committed: ['a', 'äb'] },
    { ...metric, name: 'streamed', value: ['a', 'b'], committed: ['a', 'b'] },
  ]);
});

test('readJobMetrics() adds up times, and takes what is committed before what is attempted', () => {
  const time = (part: string, payload: string) =>
    info(
      `beam:metric:pardo_execution_time:${part}_bundle_msecs:v1`,
      'sum_int64',
      { PTRANSFORM: 'Map' },
      payload,
    );
  const read = readJobMetrics(
    create(MetricResultsSchema, {
      attempted: [elements('a.main', '07'), elements('b.main', '05')],
      committed: [elements('a.main', '06'), time('start', '01'), time('process', '0a'), time('finish', '02')],
    }),
  );
  expect(Object.fromEntries(read.elements)).toEqual({ 'a.main': 6, 'b.main': 5 });
  expect(Object.fromEntries(read.ms)).toEqual({ Map: 13 });
});

test('readJobMetrics() keeps what is committed and what is attempted of a user’s metric, whatever the order', () => {
  const read = readJobMetrics(
    create(MetricResultsSchema, {
      attempted: [user('sum_int64', 'new', '02'), user('sum_int64', 'rows', '09')],
      committed: [user('sum_int64', 'rows', '07'), user('sum_int64', 'done', '01')],
    }),
  );
  const metric = { transform: 'Map', namespace: 'millrace' };
  expect(read.counters).toEqual([
    { ...metric, name: 'rows', value: 7, committed: 7, attempted: 9 },
    { ...metric, name: 'done', value: 1, committed: 1 },
    { ...metric, name: 'new', value: 2, attempted: 2 },
  ]);
});
