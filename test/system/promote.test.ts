import { expect, onTestFinished } from 'vitest';
import { homeWithPrism, ownPrism, testOnPrism } from '../support/own-prism.ts';
import { promotingScript } from '../support/promoting-script.ts';
import { SessionNotebook } from '../support/session-notebook.ts';
import { until } from '../support/until.ts';

testOnPrism('promote() starts Prism, rehearses, and gives counters, element counts and samples', async () => {
  const answer = await promotingScript(
    `
    class Parse {
      process(line, context) {
        const words = line.split(' ').filter((word) => word !== '');
        if (words.length === 0) context.empty.increment();
        context.size.update(words.length);
        context.last.set(7);
        for (const word of words) context.words.add(word);
        return words;
      }
    }
    const p = beam.pipeline('words');
    const words = p.apply(beam.create(['a b', 'b c b', ''])).apply(beam.parDo(new Parse(), {
      empty: beam.counter('empty'), size: beam.distribution('size'), last: beam.gauge('last'), words: beam.stringSet('words'),
    }));
    const counts = words.apply(beam.countPerElement());
    const job = await ib.promote(counts, { runner: 'prism', jobName: 'wörter\\n日本', rehearse: { n: 2 } });
    const { state, counters, metrics } = await job.wait();
    const sample = await job.sample(counts);
    const { distributions, gauges, stringSets } = metrics;
    console.log(JSON.stringify({ state, counters, distributions, gauges, stringSets, counted: metrics.elements['ParDo(Parse).main'], sample }));
    `,
    await homeWithPrism(),
  );
  expect(answer).toMatchObject({
    state: 'DONE',
    counters: { 'ParDo(Parse)': { empty: 1 } },
    distributions: { 'ParDo(Parse)': { size: { count: 3, sum: 5, min: 0, max: 3 } } },
    gauges: { 'ParDo(Parse)': { last: 7 } },
    stringSets: { 'ParDo(Parse)': { words: ['a', 'b', 'c'] } },
    counted: 5,
  });
  const { sample } = answer as { readonly sample: readonly { readonly key: string }[] }; // as printed above
  expect([...sample].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
    { key: 'a', value: 1 },
    { key: 'b', value: 3 },
    { key: 'c', value: 1 },
  ]);
});

testOnPrism(
  'metrics.query() gives what is attempted while a bundle goes on, and what is committed when it has ended',
  async () => {
    const answer = await promotingScript(
      `
    const { existsSync, writeFileSync } = await import('node:fs');
    const released = process.cwd() + '/released';
    const held = beam.pipeline('held').apply(beam.create([1, 2, 3, 4])).map(async (n, { seen }) => {
      const { existsSync } = await import('node:fs');
      seen.increment(n);
      while (n === 4 && !existsSync(released)) await new Promise((done) => setTimeout(done, 50));
      return n;
    }, { seen: beam.counter('seen') });
    const job = await ib.promote(held, { runner: 'prism' });
    const seen = (metrics) => metrics.query({ name: 'seen', step: 'Map' }).counters[0];
    let running;
    for (const end = Date.now() + 60_000; running?.attempted !== 10 && Date.now() < end; ) {
      await new Promise((done) => setTimeout(done, 100));
      running = seen(await job.metrics());
    }
    writeFileSync(released, '');
    const { metrics } = await job.wait();
    console.log(JSON.stringify({ running, ended: seen(metrics), others: metrics.query({ name: 'other' }).counters }));
    `,
      await homeWithPrism(),
    );
    const seen = { step: 'Map', namespace: 'millrace', name: 'seen', result: 10 };
    expect(answer).toEqual({
      running: { ...seen, attempted: 10 },
      ended: { ...seen, committed: 10, attempted: 10 },
      others: [],
    });
  },
);

testOnPrism('A job goes on when its program has ended, is found by its id, and cancelled', async () => {
  const home = await homeWithPrism();
  const id = await promotingScript(
    `
    const slow = beam.pipeline('slow').apply(beam.create([1, 2])).map(async (n) => {
      await new Promise((done) => setTimeout(done, 600_000));
      return n;
    });
    const job = await ib.promote(slow, { runner: 'prism' });
    console.log(JSON.stringify(job.id));
    process.exit(0);
    `,
    home,
  );
  const answer = await promotingScript(
    `
    const target = { runner: 'prism' };
    const listed = await ib.jobs(target);
    const job = await ib.job(${JSON.stringify(id)}, target);
    const before = job.state;
    const text = (await job[Symbol.for('Jupyter.display')]())['text/plain'];
    const gaveUp = await job.wait({ timeoutMs: 50 }).catch((error) => error.message);
    await job.cancel();
    const { state } = await job.wait();
    const drained = await job.drain().catch((error) => error.message);
    console.log(JSON.stringify({ listed, before, text, gaveUp, state, drained }));
    process.exit(0);
    `,
    home,
  );
  expect(answer).toMatchObject({
    listed: [{ id, name: 'slow', state: 'RUNNING' }],
    before: 'RUNNING',
    text: expect.stringMatching(/^Job "slow".*RUNNING[^]*\n {2}Create/) as string,
    gaveUp: expect.stringMatching(/^Waiting ended, and the job goes on/) as string,
    state: 'CANCELLED',
    drained: expect.stringContaining('"Drain"') as string,
  });
});

testOnPrism(
  'wait() throws the error of the user’s function, and a rehearsal that differs refuses',
  async () => {
    const answer = await promotingScript(
      `
    const p = beam.pipeline('fails');
    const numbers = p.apply(beam.create([1, 2, 7]));
    const bad = numbers.map(function strict(n) { if (n === 7) throw new RangeError('no sevens'); return n; });
    const job = await ib.promote(bad, { runner: 'prism' });
    const { name, transform, element, message } = await job.wait().catch((error) => error);
    const here = process.pid;
    const elsewhere = numbers.map((n) => (process.pid === here || n < 7 ? n : -n));
    const rehearsed = await ib.promote(elsewhere, { runner: 'prism', rehearse: true }).catch((error) => error);
    console.log(JSON.stringify({ name, transform, element, message, rehearsed: rehearsed.message }));
    `,
      await homeWithPrism(),
    );
    expect(answer).toEqual({
      name: 'UserCodeError',
      transform: 'Map(strict)',
      element: 7,
      message: expect.stringContaining('no sevens') as string,
      rehearsed: expect.stringMatching(
        /^Cannot promote as "Map" must give the same elements[^]*only here: 7\nonly there: -7$/,
      ) as string,
    });
  },
);

testOnPrism('An interrupt ends the waiting for a job, and says that the job goes on', async () => {
  const { endpoint } = await ownPrism();
  const notebook = new SessionNotebook();
  onTestFinished(() => notebook.close());
  await notebook.run(`
    import * as beam from 'millrace';
    import * as ib from 'millrace/interactive';
    const target = { runner: 'prism', endpoint: '${endpoint}' } as const;
    const slow = beam.pipeline('slow').apply(beam.create([1])).map(async (n) => {
      await new Promise((done) => setTimeout(done, 600_000));
      return n;
    });`);
  const shown = await notebook.run('const job = await ib.promote(slow, target);\njob');
  // One live view, and no result beside it.
  expect(shown.outputs.map(({ kind }) => kind)).toEqual(['display']);
  const waited = await notebook.run("console.log('waiting');\nawait job.wait();", 200);
  expect(waited.outcome.status).toBe('error');
  // The notebook may be told when the cell has ended already.
  await until(
    () =>
      Promise.resolve(
        /the job goes on: job-001 .* job\.cancel\(\)/.test(waited.text + notebook.backgroundText),
      ),
    { what: 'the notebook says that the job goes on' },
  );
  const listed = await notebook.run('(await ib.jobs(target))[0].state');
  expect(listed.result).toBe("'RUNNING'");
  await notebook.run('await job.cancel();');
  const ended = await notebook.run('(await job.wait()).state');
  expect(ended.result).toBe("'CANCELLED'");
});
