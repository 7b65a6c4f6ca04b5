import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { findJava } from '../../../runtime/src/runners/find-java.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A folder with a program `bin/java` that says it is of a version. */
async function javaOf(version: string): Promise<string> {
  const home = await temporaryFolder();
  mkdirSync(path.join(home, 'bin'));
  writeFileSync(path.join(home, 'bin/java'), `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
  chmodSync(path.join(home, 'bin/java'), 0o755);
  return home;
}

beforeEach(() => () => vi.unstubAllEnvs());

test('findJava() takes the Java of JAVA_HOME before that of PATH', async () => {
  const home = await javaOf('17.0.15');
  vi.stubEnv('PATH', path.join(await javaOf('1.8.0_292'), 'bin'));
  vi.stubEnv('JAVA_HOME', home);
  expect(await findJava('start Flink')).toBe(path.join(home, 'bin/java'));
});

test('findJava() refuses Java 8, a JAVA_HOME without Java, and no Java at all', async () => {
  const old = await javaOf('1.8.0_292');
  vi.stubEnv('JAVA_HOME', old);
  await expect(findJava('start Flink')).rejects.toThrow(
    'Cannot start Flink as Java must be 11 or newer: received openjdk version "1.8.0_292"',
  );
  vi.stubEnv('JAVA_HOME', '/no/such/folder');
  await expect(findJava('start Flink')).rejects.toThrow('JAVA_HOME must name a Java');
  vi.stubEnv('JAVA_HOME', '');
  vi.stubEnv('PATH', '/no/such/folder');
  await expect(findJava('start Flink')).rejects.toThrow('"java" must be installed');
});
