import { expect } from 'vitest';
import { homeWithFlink, testOnFlink } from '../support/own-flink.ts';
import { promotingScript } from '../support/promoting-script.ts';

testOnFlink(
  'A job on Flink outlives its job server, and ends on the cluster when it is cancelled',
  async () => {
    const answer = await promotingScript(
      `
    const flink = await runners.flinkUp({ taskManagers: 1 });
    const p = beam.pipeline('restarted');
    const slow = p
      .apply(beam.create(Array.from({ length: 32 }, (_, n) => n)))
      .map(async (n) => {
        await new Promise((done) => setTimeout(done, 4000));
        return { key: n % 3, value: n };
      })
      .apply(beam.combinePerKey(beam.sum()));
    const onCluster = async () => {
      const overview = await (await fetch(flink.restEndpoint + '/jobs/overview')).json();
      return overview.jobs.map(({ state }) => state);
    };
    const until = async (state) => {
      while (!(await onCluster()).includes(state)) await new Promise((done) => setTimeout(done, 200));
    };
    const job = await ib.promote(slow, { runner: 'flink' });
    const waited = job.wait();
    await until('RUNNING');
    process.kill(flink.processes.find(({ role }) => role === 'job-server').pid, 'SIGKILL');
    await runners.flinkUp({ taskManagers: 1 });
    const { state, metrics } = await waited;
    const again = String(await ib.job(job.id, { runner: 'flink' }));

    const endless = p.apply(beam.create([1])).map(async () => await new Promise((done) => setTimeout(done, 600_000)));
    const other = await ib.promote(endless, { runner: 'flink' });
    await until('RUNNING');
    await other.cancel();
    const cancelled = (await other.wait()).state;
    await until('CANCELED');
    console.log(JSON.stringify({ state, counted: metrics.elements['CombinePerKey(Sum).main'], again, cancelled }));
    process.exit(0);
    `,
      await homeWithFlink(),
    );
    expect(answer).toMatchObject({
      state: 'DONE',
      counted: 3,
      again: expect.stringMatching(/^Job "restarted-\w+" .*: DONE$/) as string,
      cancelled: 'CANCELLED',
    });
  },
);
