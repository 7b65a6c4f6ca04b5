import { expect, onTestFinished, test } from 'vitest';
import { homeWithPrism, testOnPrism } from '../support/own-prism.ts';
import { promotingScript } from '../support/promoting-script.ts';
import { SessionNotebook, tracebackOf } from '../support/session-notebook.ts';

const IMPORTS = `
  import * as beam from 'millrace';
  import { assertThat, containsInAnyOrder, equalToPerKey, testPipeline } from 'millrace/testing';`;

test('A cell whose assertion fails shows the report, the line of the assertion, and nothing of ours', async () => {
  const notebook = new SessionNotebook();
  onTestFinished(() => notebook.close());
  await notebook.run(IMPORTS);
  const failed = await notebook.run(
    [
      'await testPipeline((p) => {',
      "  const counts = p.apply(beam.create(['a', 'b', 'a'])).apply(beam.countPerElement());",
      "  assertThat(counts, equalToPerKey({ a: 1, c: 3 }), { label: 'counts' });",
      '});',
    ].join('\n'),
  );
  expect(tracebackOf(failed).split('\n')).toEqual([
    'PipelineAssertionError',
    'Assertion "counts" failed: equalToPerKey expects 2 keys, received 2: 1 different, 1 missing, 1 unexpected',
    'key "a": expected 1, received 2',
    'key "c": expected 3, received nothing',
    'key "b": unexpected: 1',
    'applied in: cell 2, line 3',
    'hint: ib.show(pcollection, { includeWindowInfo: true }) shows all of its elements, with windows and panes',
  ]);
});

test('An assertion that is the last expression of a cell runs, and shows that it holds', async () => {
  const notebook = new SessionNotebook();
  onTestFinished(() => notebook.close());
  await notebook.run(IMPORTS);
  await notebook.run("const p = beam.pipeline();\nconst letters = p.apply(beam.create(['a', 'b']));");
  const shown = await notebook.run("assertThat(letters, containsInAnyOrder(['b', 'a']))");
  expect(shown.result).toMatch(/assertThat +holds +containsInAnyOrder +2/);
  const failed = await notebook.run("assertThat(letters, containsInAnyOrder(['b']))");
  expect(tracebackOf(failed)).toContain(
    'containsInAnyOrder expects 1 element, received 2: 1 unexpected\nunexpected: "a"\napplied in: cell 4, line 1',
  );
});

testOnPrism('Assertions are judged in a job, and fail it with the report of the worker', async () => {
  const answer = await promotingScript(
    `
    const t = await import(require.resolve('millrace/testing'));
    const { assertions } = await t.testPipeline((p) => {
      const letters = p.apply(beam.create(['a', 'b', 'a']));
      t.assertThat(letters, t.containsInAnyOrder(['b', 'a', 'a']));
      t.assertThat(letters.apply(beam.countPerElement()), t.equalToPerKey({ a: 2, b: 1 }));
      t.assertThat(letters.filter(() => false), t.isEmpty());
    }, { runner: 'prism' });
    const failed = await t.testPipeline((p) => {
      const even = (n) => n % 2 === 0;
      t.assertThat(p.apply(beam.create([1, 2])), t.allSatisfy(even), { label: 'parity' });
    }, { runner: 'prism' }).catch((error) => error);
    const isOwn = failed instanceof t.PipelineAssertionError;
    console.log(JSON.stringify({ assertions, isOwn, lines: beam.describeError(failed)?.lines }));
    `,
    await homeWithPrism(),
  );
  expect(answer).toEqual({
    assertions: 3,
    isOwn: true,
    lines: [
      'Assertion "parity" failed: allSatisfy expects even to hold of each of 2 elements, but not of 1',
      'failing: 1',
      expect.stringMatching(/^applied in: .*script\.mjs, line \d+$/) as string,
      'hint: ib.show(pcollection, { includeWindowInfo: true }) shows all of its elements, with windows and panes',
    ],
  });
});
