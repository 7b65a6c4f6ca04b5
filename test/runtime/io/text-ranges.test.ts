import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextSource } from '../../../runtime/src/io/text-source.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();

function sourceOf(file: string, skipHeaderLines = 0) {
  return new TextSource({ patterns: [file], compression: 'auto', skipHeaderLines, invalidUtf8: 'refuse' });
}

/** The lines of a file whose bytes are read in these ranges, each by itself. */
async function readInRanges(source: TextSource, cuts: readonly number[]): Promise<string[]> {
  const [shard] = await source.shards();
  if (shard === undefined) throw new TypeError('no shard');
  const ends = [...cuts, Infinity];
  const lines: string[] = [];
  for (const [at, stop] of ends.entries()) {
    const start = at === 0 ? 0 : (ends[at - 1] ?? 0);
    const claim = (position: number) => position < stop;
    for await (const lot of source.readFrom(shard, { start, claim, signal })) lines.push(...lot);
  }
  return lines;
}

async function readWhole(source: TextSource): Promise<string[]> {
  const lines: string[] = [];
  for (const shard of await source.shards()) {
    await source.read(shard, { emit: (line) => void lines.push(line), signal });
  }
  return lines;
}

test('A text file gives the same lines wherever its bytes are cut', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'text.txt');
  const line = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        lines: fc.array(line, { maxLength: 12 }),
        ending: fc.constantFrom('\n', '\r\n'),
        isEnded: fc.boolean(),
        mark: fc.boolean(),
      }),
      fc.array(fc.nat(120), { maxLength: 4 }),
      fc.nat(3),
      async ({ lines, ending, isEnded, mark }, cuts, skip) => {
        writeFileSync(file, (mark ? '\ufeff' : '') + lines.join(ending) + (isEnded ? ending : ''));
        const source = sourceOf(file, skip);
        expect(
          await readInRanges(
            source,
            [...cuts].sort((a, b) => a - b),
          ),
        ).toEqual(await readWhole(source));
      },
    ),
    { numRuns: 300 },
  );
});

test('A text file of many chunks gives the same lines wherever its bytes are cut', async () => {
  const file = path.join(await temporaryFolder(), 'large.txt');
  const lines = Array.from({ length: 60_000 }, (_, n) => `${n} ${'ü'.repeat(n % 9)}`);
  writeFileSync(file, lines.join('\n'));
  expect(await readInRanges(sourceOf(file), [262_143, 262_144, 262_145, 400_000, 786_432])).toEqual(lines);
});

test('A compressed text file cannot be cut, and is read whole', async () => {
  const file = path.join(await temporaryFolder(), 'text.txt.gz');
  writeFileSync(file, gzipSync('one\ntwo\n'));
  const source = sourceOf(file);
  const [shard] = await source.shards();
  if (shard === undefined) throw new TypeError('no shard');
  expect(source.positionsOf(shard)).toBeUndefined();
  expect(await readInRanges(source, [])).toEqual(['one', 'two']);
});

test('A range of a text file names the byte of a line that is not UTF-8', async () => {
  const file = path.join(await temporaryFolder(), 'broken.txt');
  writeFileSync(file, Buffer.from([0x61, 0x0a, 0x62, 0x0a, 0xff, 0x0a]));
  await expect(readInRanges(sourceOf(file), [1])).rejects.toThrow(
    /Cannot read the line at byte 4 of ".*broken\.txt" as text must be UTF-8: received byte 0xff at column 1/,
  );
});
