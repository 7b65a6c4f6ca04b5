import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as beam from 'millrace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureModule } from '../../../runtime/src/capture/capture-module.ts';
import { MODULES } from '../../../runtime/src/capture/captured-module.ts';
import type { UnboundedSource } from '../../../runtime/src/model/unbounded-source.ts';
import { pollSource } from '../../support/poll-source.ts';
import { sourceOf } from '../transforms/spec-of.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-sources-'));
  Object.defineProperty(globalThis, MODULES, { value: { millrace: beam }, configurable: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A source as a worker has it. */
async function shipped<T>(
  root: beam.PTransform<beam.Pipeline, beam.PCollection<T>>,
): Promise<UnboundedSource<T>> {
  const { code, sha256 } = await captureModule({
    exports: new Map([['source', sourceOf(root)]]),
    modules: { millrace: beam },
    directory: process.cwd(),
  });
  const file = join(folder, `${sha256}.mjs`);
  writeFileSync(file, code);
  const { source } = (await import(pathToFileURL(file).href)) as { readonly source: UnboundedSource<T> };
  return source;
}

test('captureModule() ships generateSequence with its rate and its timestampFn', async () => {
  const minute = 60_000;
  const there = await shipped(
    beam.generateSequence({
      stop: 3,
      rate: { elements: 1, per: { seconds: 1 } },
      timestampFn: (n) => n * minute,
    }),
  );
  expect((await pollSource(there)).elements).toEqual(
    [0, 1, 2].map((value) => ({ value, timestamp: value * 60_000 })),
  );
  const endless = await shipped(beam.generateSequence({ rate: { elements: 2, per: { seconds: 1 } } }));
  expect((await pollSource(endless, { until: 1200 })).elements.length).toBe(3);
});

test('captureModule() ships periodicImpulse and periodicSequence', async () => {
  const impulse = await shipped(beam.periodicImpulse({ start: 0, interval: { seconds: 1 } }));
  expect((await pollSource(impulse, { until: 2000 })).elements.length).toBe(3);
  const sequences = await shipped(
    beam.periodicSequence([{ start: 0, stop: 2000, interval: { seconds: 1 } }]),
  );
  expect((await pollSource(sequences)).isEnded).toBe(true);
});

test('captureModule() ships watchText with what it needs to read', async () => {
  const file = join(folder, 'watched.txt');
  writeFileSync(file, 'one\ntwo');
  const there = await shipped(beam.io.watchText(file, { terminateWhen: { noNewFor: { seconds: 3 } } }));
  const polled = await pollSource(there);
  expect(polled.elements.map(({ value }) => value)).toEqual(['one', 'two']);
  const missing = await shipped(beam.io.watchText(join(folder)));
  await expect(pollSource(missing)).rejects.toBeInstanceOf(beam.PipelineError);
});
