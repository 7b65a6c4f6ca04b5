import { expect, test } from 'vitest';
import { flinkConfig } from '../../../runtime/src/runners/flink-config.ts';

const PORTS = { rpc: 1001, rest: 1002, job: 1003, artifact: 1004 };

test('flinkConfig() gives a TaskManager memory that adds up, whatever is managed', () => {
  for (const managedMb of [128, 4096]) {
    const text = flinkConfig(PORTS, { slots: 3, managedMb, temporary: '/t' });
    const size = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
    const parts = [
      /task: \{heap: \{size: (\d+)m/,
      /task: \{heap: \{size: \d+m\}, off-heap: \{size: (\d+)m/,
      /managed: \{size: (\d+)m/,
      /network: \{min: (\d+)m/,
      /framework: \{heap: \{size: (\d+)m/,
      /framework: \{heap: \{size: \d+m\}, off-heap: \{size: (\d+)m/,
      /jvm-metaspace: \{size: (\d+)m/,
      /jvm-overhead: \{min: (\d+)m/,
    ].map(size);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(size(/process: \{size: (\d+)m/));
  }
});

test('flinkConfig() takes ports, slots and a folder with any name', () => {
  const text = flinkConfig(PORTS, { slots: 3, managedMb: 128, temporary: '/a "b": c' });
  expect(text).toContain('numberOfTaskSlots: 3\n  cpu: {cores: 3.0}');
  expect(text).toContain('rpc: {address: localhost, port: 1001}');
  expect(text).toContain('port: 1002, bind-port: 1002');
  expect(text).toContain('dirs: "/a \\"b\\": c"');
});

test('flinkConfig() leaves threads that outlive a job its class loader', () => {
  const text = flinkConfig(PORTS, { slots: 1, managedMb: 128, temporary: '/t' });
  expect(text).toContain('classloader: {check-leaked-classloader: false}\n');
});
