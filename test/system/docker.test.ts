import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dockerfile } from 'millrace/worker';
import { ROOT } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const hasDaemon = spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;

/** An image can be built only where a Docker daemon runs: continuous integration has none. */
test.skipIf(!hasDaemon)(
  `dockerfile() builds an image whose worker says what it takes${hasDaemon ? '' : ' (no Docker daemon here)'}`,
  async () => {
    const folder = await temporaryFolder();
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: path.join(ROOT, 'runtime'),
      encoding: 'utf8',
    });
    writeFileSync(path.join(folder, 'Dockerfile'), dockerfile({ millrace: packed.trim() }));
    const tag = `millrace-test-${process.pid}`;
    onTestFinished(() => void spawnSync('docker', ['rmi', '--force', tag]));
    expect(await runProgram('docker', ['build', '--tag', tag, folder])).toMatchObject({ code: 0 });
    const worker = await runProgram('docker', ['run', '--rm', tag]);
    expect(worker.code).not.toBe(0);
    expect(worker.stderr).toContain('--id');
  },
);
