import { spawnSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';

import * as beam from '../../../runtime/src/index.ts';
import { compute, type Materialised } from '../../../runtime/src/interactive/compute.ts';
import { InteractiveEnvironment } from '../../../runtime/src/interactive/environment.ts';
import { defaultOptions } from '../../../runtime/src/interactive/options.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let cacheRoot: string;
beforeEach(async () => (cacheRoot = join(await temporaryFolder(), 'cache')));

const fresh = (root = cacheRoot) => new InteractiveEnvironment({ ...defaultOptions(), cacheRoot: root });

async function ask(
  pcollection: beam.PCollection<unknown>,
  environment: InteractiveEnvironment,
): Promise<Materialised> {
  const [answer] = await compute([pcollection], {
    environment,
    elements: Infinity,
    windowInfo: false,
    signal: new AbortController().signal,
  });
  if (answer === undefined) throw new TypeError('compute() gave no answer');
  return answer;
}

/** The paths of all files below a folder. */
function files(root = cacheRoot): readonly string[] {
  if (!existsSync(root)) return [];
  const all = readdirSync(root, { recursive: true, withFileTypes: true });
  return all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** Numbers, and what is made of them; of many there are several chunks. */
const texts = (count: number) =>
  beam
    .pipeline()
    .apply(beam.create([count]))
    .flatMap((n) => Array.from({ length: n }, (_, i) => i))
    .map((i) => ({ text: `row ${i}`, i }));
const textsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ text: `row ${i}`, i }));
const sumOf = (rows: beam.PCollection<{ readonly i: number }>) =>
  rows.map(({ i }) => i).apply(beam.combineGlobally(beam.sum()));

/** Flips a bit at `at` of the one file, and asks for what is in it, or for what is made from that. */
async function askDamaged(
  count: number,
  { file, whole, at }: { readonly file: string; readonly whole: Buffer; readonly at: number },
): Promise<void> {
  const damaged = Buffer.from(whole);
  damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
  const [target, want] =
    at % 2 === 0 ? [texts(count), textsOf(count)] : [sumOf(texts(count)), [(count * (count - 1)) / 2]];
  rmSync(cacheRoot, { recursive: true });
  mkdirSync(join(cacheRoot, 'entries'), { recursive: true });
  writeFileSync(file, damaged);
  const environment = fresh();
  const { values, origin } = await ask(target, environment);
  expect(values).toEqual(want);
  expect(origin).toBe('computed');
  expect(environment.takeNotices()).toEqual([expect.stringContaining('removed, and is computed again')]);
  if (at % 8 > 1) return;
  // It is mended, or it is gone: nobody meets it again.
  expect((await ask(texts(count), environment)).values).toEqual(textsOf(count));
  expect(environment.takeNotices()).toEqual([]);
}

test('compute() computes anew, and says so, what has a bit flipped in any byte of its entry', async () => {
  await ask(texts(3), fresh());
  const [file = '', ...others] = files();
  expect(others).toEqual([]);
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at++) await askDamaged(3, { file, whole, at });
}, 240_000);

test('compute() computes anew, and says so, what has a bit flipped in any chunk of a large entry', async () => {
  const count = 60_000;
  await ask(texts(count), fresh());
  const [file = ''] = files();
  const whole = readFileSync(file);
  expect(whole.length).toBeGreaterThan(256 * 1024);
  for (let i = 0; i < 8; i++)
    await askDamaged(count, { file, whole, at: Math.floor(Math.random() * whole.length) });
}, 240_000);

const real = {
  writeSync: fs.writeSync,
  openSync: fs.openSync,
  mkdirSync: fs.mkdirSync,
  renameSync: fs.renameSync,
};
afterEach(() => {
  Object.assign(fs, real);
  syncBuiltinESMExports();
});

const noSpace = (syscall: string) =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${syscall}`), { code: 'ENOSPC', syscall });

/** The disk takes so many bytes more, the last of them by a write that is cut short. */
function fillDisk(bytes: number): void {
  let left = bytes;
  Object.assign(fs, {
    writeSync: (descriptor: number, buffer: Buffer, offset = 0) => {
      if (left <= 0) throw noSpace('write');
      const length = Math.min(left, buffer.length - offset);
      left -= length;
      return real.writeSync(descriptor, buffer, offset, length);
    },
  });
  syncBuiltinESMExports();
}

test.each([
  { name: 'before the first byte', bytes: 0, count: 5 },
  { name: 'in a small entry', bytes: 40, count: 5 },
  { name: 'in the first piece of a large entry', bytes: 1000, count: 60_000 },
  { name: 'after the first piece of a large entry', bytes: 524_288 + 10_000, count: 60_000 },
])('compute() answers all the same when the disk is full $name', async ({ bytes, count }) => {
  const environment = fresh();
  expect((await ask(texts(2), environment)).notCached).toBeUndefined();
  const before = files();
  fillDisk(bytes);
  const answer = await ask(texts(count), environment);
  expect(answer).toMatchObject({ origin: 'computed', total: count, notCached: expect.stringContaining('ENOSPC') as string }); // prettier-ignore
  expect(answer.values).toEqual(textsOf(count));
  expect((await ask(sumOf(texts(count)), environment)).values).toEqual([(count * (count - 1)) / 2]);
  expect(environment.takeNotices()).toEqual([
    expect.stringMatching(/^Results are not cached, as the disk refused: ENOSPC/),
  ]);
  expect(files()).toEqual(before);
  expect(await ask(texts(2), environment)).toMatchObject({ origin: 'cache', values: textsOf(2) });

  Object.assign(fs, real);
  syncBuiltinESMExports();
  expect((await ask(texts(count), environment)).origin).toBe('computed');
  expect(await ask(texts(count), environment)).toMatchObject({ origin: 'cache', total: count });
});

test.each(['openSync', 'mkdirSync', 'renameSync'] as const)(
  'compute() answers all the same when %s finds no room',
  async (call) => {
    const environment = fresh();
    if (call !== 'mkdirSync') await ask(texts(2), environment);
    const before = files();
    Object.assign(fs, {
      [call]: (file: string, flags: unknown) => {
        if (flags === 'r') return real.openSync(file, flags);
        throw noSpace(call.replace('Sync', ''));
      },
    });
    syncBuiltinESMExports();
    for (let i = 0; i < 2; i++) expect((await ask(texts(5), environment)).values).toEqual(textsOf(5));
    expect(environment.takeNotices()).toEqual([expect.stringContaining('ENOSPC')]);
    Object.assign(fs, real);
    syncBuiltinESMExports();
    expect(files()).toEqual(before);
    await ask(texts(5), environment);
    expect((await ask(texts(5), environment)).origin).toBe('cache');
  },
);

const small = join(tmpdir(), `millrace-small-cache-${process.pid}`);
mkdirSync(small, { recursive: true });
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [small]);
  rmSync(small, { recursive: true, force: true });
});

test.skipIf(!isMounted)('compute() answers all the same on a real disk that is full', async () => {
  const environment = fresh(small);
  await ask(texts(2), environment);
  const before = files(small);
  const answer = await ask(texts(60_000), environment);
  expect(answer.values).toEqual(textsOf(60_000));
  expect(answer.notCached).toContain('ENOSPC');
  expect(environment.takeNotices()).toEqual([expect.stringContaining('ENOSPC')]);
  expect(files(small)).toEqual(before);
  expect((await ask(texts(2), environment)).origin).toBe('cache');
  expect((await ask(texts(3), environment)).notCached).toBeUndefined();
});
