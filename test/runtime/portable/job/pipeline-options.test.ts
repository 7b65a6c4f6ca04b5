import { expect, test } from 'vitest';
import {
  pipelineOptionsFrom,
  pipelineOptionsStruct,
} from '../../../../runtime/src/portable/job/pipeline-options.ts';

test('pipelineOptionsStruct() gives Beam’s names, integers as text, and leaves undefined out', () => {
  const options = {
    jobName: 'count',
    max_bundle_size: 10,
    share: 0.5,
    streaming: false,
    experiments: ['a', 2],
    nested: { n: 1n, none: undefined },
    nothing: undefined,
    empty: null,
  };
  expect(pipelineOptionsStruct(options)).toEqual({
    'beam:option:job_name:v1': 'count',
    'beam:option:max_bundle_size:v1': '10',
    'beam:option:share:v1': 0.5,
    'beam:option:streaming:v1': false,
    'beam:option:experiments:v1': ['a', '2'],
    'beam:option:nested:v1': { n: '1' },
    'beam:option:empty:v1': null,
  });
});

test.each([
  [() => 1, 'a function'],
  [NaN, 'the number NaN'],
  [new Map(), 'an instance of Map'],
])('pipelineOptionsStruct() names what JSON has not: %s', (value, received) => {
  expect(() => pipelineOptionsStruct({ deep: [{ value }] })).toThrow(
    `Cannot send the pipeline option deep[0].value as it must be a string, a number, a boolean, or an array or object of these: received ${received}`,
  );
});

test('pipelineOptionsFrom() gives plain names back, and keeps what is no option of Beam', () => {
  const struct = { 'beam:option:job_name:v1': 'count', other: true };
  expect(pipelineOptionsFrom(struct)).toEqual({ job_name: 'count', other: true });
  expect(pipelineOptionsFrom(undefined)).toEqual({});
});
