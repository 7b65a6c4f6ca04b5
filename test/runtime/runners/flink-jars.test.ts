import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkFlinkJars, flinkJars } from '../../../runtime/src/runners/flink-jars.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('flinkJars() has a checksum for each jar', () => {
  const jars = flinkJars();
  expect(jars.size).toBe(162);
  expect(jars.has('beam-runners-flink-1.19-2.62.0.jar')).toBe(true);
  for (const [name, sha256] of jars) {
    expect(name).toMatch(/^[\w.+-]+\.jar$/);
    expect(sha256).toMatch(/^[\da-f]{64}$/);
  }
});

test('checkFlinkJars() names a jar that is missing, and one that differs', async () => {
  const folder = await temporaryFolder();
  const [first = ''] = flinkJars().keys();
  await expect(checkFlinkJars(folder)).rejects.toThrow(
    `as ${first} must have the known checksum: received nothing`,
  );
  for (const name of flinkJars().keys()) writeFileSync(path.join(folder, name), 'not a jar');
  const sha256 = createHash('sha256').update('not a jar').digest('hex');
  await expect(checkFlinkJars(folder)).rejects.toThrow(
    `${first} must have the known checksum: received sha256 ${sha256}`,
  );
});
