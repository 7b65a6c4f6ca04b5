import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { environment, WORKER_CAPABILITIES } from '../../../runtime/src/portable/environments.ts';
import {
  DockerPayloadSchema,
  ExternalPayloadSchema,
  ProcessPayloadSchema,
} from '../../../runtime/src/proto/runner-api.ts';

test('environment() names the command that a runner starts, with its variables', () => {
  const { urn, payload } = environment({
    kind: 'process',
    command: '/home/ann/worker',
    variables: { LANG: 'C' },
  });
  expect(urn).toBe('beam:env:process:v1');
  expect(fromBinary(ProcessPayloadSchema, payload)).toMatchObject({
    command: '/home/ann/worker',
    env: { LANG: 'C' },
  });
});

test('environment() names the endpoint of a worker pool', () => {
  const { urn, payload } = environment({ kind: 'external', endpoint: 'localhost:50000' });
  expect(urn).toBe('beam:env:external:v1');
  expect(fromBinary(ExternalPayloadSchema, payload).endpoint?.url).toBe('localhost:50000');
});

test('environment() names an image', () => {
  const { urn, payload } = environment({ kind: 'docker', image: 'millrace:0.1' });
  expect(urn).toBe('beam:env:docker:v1');
  expect(fromBinary(DockerPayloadSchema, payload).containerImage).toBe('millrace:0.1');
});

test('environment() tells what our worker can do, each once, and no coder that it lacks', () => {
  const { capabilities } = environment({ kind: 'docker', image: 'any' });
  expect(capabilities).toEqual(WORKER_CAPABILITIES);
  expect(new Set(capabilities).size).toBe(capabilities.length);
  expect(capabilities).toContain('beam:coder:kv:v1');
  expect(capabilities).not.toContain('beam:coder:avro:generic:v1');
});
