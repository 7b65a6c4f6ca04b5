import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import * as ib from 'millrace/interactive';
import { DEFAULTS } from '../src/options.ts';
import { namedOutputs } from '../src/outputs.ts';
import { buildPipeline } from '../src/pipeline.ts';
import { SAMPLE } from './sample.ts';

/** One line an element, sorted: a PCollection has no order. */
function linesOf(elements: readonly unknown[]): readonly string[] {
  const inspected = elements.map((element) =>
    inspect(element, {
      depth: Infinity,
      maxArrayLength: Infinity,
      maxStringLength: Infinity,
      breakLength: Infinity,
      compact: true,
      sorted: true,
    }),
  );
  return inspected.sort();
}

describe('the pipeline, on the sample', () => {
  let folder = '';

  before(async () => {
    ib.options.enableCaching = false;
    folder = await mkdtemp(path.join(tmpdir(), 'pipeline-test-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const build = async () => {
    const writing = Object.fromEntries(SAMPLE.outputs.map((name) => [name, path.join(folder, name)]));
    return await buildPipeline({ ...DEFAULTS, ...SAMPLE.options, ...writing });
  };

  for (const { name, file, isSame } of SAMPLE.expected) {
    test(isSame ? `"${name}" is what the notebook gives` : `"${name}" can be computed`, async () => {
      const { outputs } = await build();
      const pcollection = namedOutputs(outputs).get(name);
      assert.ok(pcollection, `there is no output "${name}"`);
      const lines = linesOf(await ib.collect(pcollection));
      // What differs from run to run cannot be compared.
      if (isSame) assert.deepEqual(lines, readFileSync(file, 'utf8').split('\n').slice(0, -1));
    });
  }

  test('it runs as a whole', async () => {
    const { pipeline } = await build();
    await pipeline.run();
  });
});
