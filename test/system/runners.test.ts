import { existsSync, readFileSync, symlinkSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { flinkLib, flinkStatus, millraceHome, prismProgram } from 'millrace/runners';
import { expect, onTestFinished } from 'vitest';
import { MILLRACE } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findTool, testNeeding } from '../support/tools.ts';

/** A home of the test's own, with the programs of the real one; what runs in it is ended with the test. */
async function ownHome() {
  const home = await temporaryFolder();
  for (const place of [prismProgram, flinkLib]) {
    if (!existsSync(place())) continue;
    mkdirSync(path.dirname(place(home)), { recursive: true });
    symlinkSync(place(millraceHome()), place(home));
  }
  const millrace = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram(process.execPath, [MILLRACE, ...args], {
      env: { MILLRACE_HOME: home, MILLRACE_HISTORY: 'off' },
    });
    return { code, text: `${stdout}${stderr}` };
  };
  onTestFinished(async () => {
    await millrace('prism', 'down');
    await millrace('flink', 'down');
  });
  return { home, millrace };
}

testNeeding('prism')('millrace prism up, jobs, status and down, with Prism itself', async () => {
  const { millrace } = await ownHome();
  expect(await millrace('prism', 'status')).toEqual({
    code: 1,
    text: 'No Prism runs: millrace prism up\n',
  });
  const up = await millrace('prism', 'up');
  expect(up.text).toMatch(/^Prism 2\.77\.0 takes jobs at localhost:\d+\n/);
  expect(await millrace('prism', 'up')).toEqual(up);
  expect(await millrace('prism', 'status')).toEqual(up);
  expect(await millrace('jobs', '--runner', 'prism')).toEqual({
    code: 0,
    text: 'The job service knows no jobs\n',
  });
  expect(await millrace('prism', 'down')).toEqual({ code: 0, text: 'Prism has ended\n' });
  expect(await millrace('prism', 'down')).toEqual({ code: 0, text: 'Nothing to end: no Prism runs\n' });
});

testNeeding('flink', 'java')(
  'millrace flink up mends a cluster that lost a TaskManager and its job server',
  async () => {
    const { home, millrace } = await ownHome();
    const up = await millrace('flink', 'up');
    expect(up.text).toMatch(
      /^Flink 1\.19\.0 takes jobs at localhost:\d+\nIts web page is http:\/\/localhost:\d+\n/,
    );
    const before = (await flinkStatus({ home }))?.runner;
    expect(before?.processes.map(({ role }) => role)).toEqual([
      'job-manager',
      'task-manager',
      'task-manager',
      'job-server',
    ]);
    for (const role of ['task-manager', 'job-server']) {
      process.kill(before?.processes.find((one) => one.role === role)?.pid ?? 0, 'SIGKILL');
    }
    const broken = await millrace('flink', 'status');
    expect(broken).toMatchObject({ code: 1 });
    expect(broken.text).toMatch(
      /The task-manager \(process \d+\) has ended\nThe job-server \(process \d+\) has ended/,
    );
    expect(await millrace('flink', 'up')).toMatchObject({ code: 0 });
    const after = await flinkStatus({ home });
    expect(after).toMatchObject({ isReady: true, missing: [] });
    expect(after?.runner.endpoint).toBe(before?.endpoint);
    expect(await millrace('flink', 'up', '--slots', '7')).toMatchObject({ code: 1 });
    expect(await millrace('flink', 'down')).toEqual({ code: 0, text: 'Flink has ended\n' });
    expect(await flinkStatus({ home })).toBeUndefined();
    expect(readFileSync(path.join(home, 'run/flink/logs/job-server.log'), 'utf8')).toContain(
      'JobService started',
    );
  },
);

testNeeding('java')('millrace flink up says how to get what is missing', async () => {
  const home = await temporaryFolder();
  const { code, stderr } = await runProgram(process.execPath, [MILLRACE, 'flink', 'up'], {
    env: { MILLRACE_HOME: home },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Cannot start Flink as it must be fetched first: .*\nRun: npx millrace get flink\n$/,
  );
});

testNeeding('go')('millrace get says what went wrong where Go cannot reach its packages', async () => {
  const home = await temporaryFolder();
  const { code, stderr } = await runProgram(process.execPath, [MILLRACE, 'get', 'prism'], {
    // Nothing of an earlier build, and no registry.
    env: {
      MILLRACE_HOME: home,
      GOPATH: path.join(home, 'go'),
      GOMODCACHE: path.join(home, 'go'),
      GOPROXY: 'off',
      GOFLAGS: '-modcacherw',
      GO: findTool('go') ?? '',
    },
  });
  expect(code).toBe(1);
  expect(stderr).toContain('Cannot fetch Prism 2.77.0 as');
  expect(stderr).toContain('module lookup disabled by GOPROXY=off');
});
