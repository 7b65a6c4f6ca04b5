import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { pollSource, type PollSourceOptions } from '../../support/poll-source.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { collect } from '../engine/run-fragment.ts';
import { sourceOf } from '../transforms/spec-of.ts';

/** What happens in the world, by the second before whose poll it does. */
type Happening = Readonly<Record<number, () => void>>;

/** Watches a folder's files, a poll each second, and says what came at which second: "0:a 2:b". */
async function watch(
  pattern: string,
  happening: Happening,
  {
    seconds = 5,
    ...options
  }: beam.io.WatchTextOptions & { seconds?: number } & Pick<PollSourceOptions, 'limits'> = {},
) {
  const { limits, ...watchOptions } = options;
  const polled = await pollSource(sourceOf(beam.io.watchText(pattern, watchOptions)), {
    until: seconds * 1000,
    ...(limits && { limits }),
    beforePoll: (now) => happening[now / 1000]?.(),
  });
  const text = polled.elements.map(({ value, timestamp }) => `${timestamp / 1000}:${value}`).join(' ');
  const [position] = polled.positions as readonly { readonly restarts: number; readonly files: object }[];
  return { ...polled, text, restarts: position?.restarts, known: Object.keys(position?.files ?? {}) };
}

/** A folder for a test: paths in it, and what is done to them. */
async function world() {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  return {
    at,
    write: (name: string, content: string | Uint8Array) => () => {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    },
    append: (name: string, content: string | Uint8Array) => () => appendFileSync(at(name), content),
    rename: (from: string, to: string) => () => renameSync(at(from), at(to)),
    remove: (name: string) => () => rmSync(at(name)),
    all:
      (...acts: (() => void)[]) =>
      () =>
        acts.forEach((act) => act()),
  };
}

test('watchText() gives lines when their ends are written, at the time of reading', async () => {
  const { at, write, append } = await world();
  const watched = await watch(at('a.log'), {
    0: write('a.log', 'one\ntw'),
    1: append('a.log', 'o\r\n\nthr'),
    3: append('a.log', 'ee\n'),
  });
  expect(watched.text).toBe('0:one 1:two 1: 3:three');
  expect(watched.watermarks).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
});

test('watchText() waits for a pattern without a match, a file and a folder that are not there yet', async () => {
  const { at, write } = await world();
  const happening = { 2: write('in/a.txt', 'a\n'), 3: write('in/b.txt', 'b\n') };
  expect((await watch(at('in/*.txt'), happening)).text).toBe('2:a 3:b');
  const { at: at2, write: write2 } = await world();
  expect((await watch(at2('a.txt'), { 2: write2('a.txt', 'a\n') })).text).toBe('2:a');
});

test('watchText() reads new files in the order of their paths, and each once', async () => {
  const { at, write, append, all } = await world();
  const watched = await watch(at('*.txt'), {
    0: write('b.txt', 'b1\n'),
    1: all(write('c.txt', 'c1\n'), write('a.txt', 'a1\n')),
    2: all(append('c.txt', 'c2\n'), append('a.txt', 'a2\n')),
  });
  expect(watched.text).toBe('0:b1 1:a1 1:c1 2:a2 2:c2');
});

test('watchText() puts characters together that come in two parts', async () => {
  const { at, write, append } = await world();
  const bytes = Buffer.from('🐋 漢\n');
  const watched = await watch(at('a.txt'), {
    0: write('a.txt', bytes.subarray(0, 2)),
    1: append('a.txt', bytes.subarray(2, 7)),
    2: append('a.txt', bytes.subarray(7)),
  });
  expect(watched.text).toBe('2:🐋 漢');
});

test('watchText() drops a byte order mark at the start of a file only', async () => {
  const { at, write, append } = await world();
  const happening = { 0: write('a.txt', '\ufeffa\n'), 1: append('a.txt', '\ufeffb\n') };
  expect((await watch(at('a.txt'), happening)).text).toBe('0:a 1:\ufeffb');
});

test('watchText() reads a file again from its start when it was cut, and counts that', async () => {
  const { at, write, append } = await world();
  const watched = await watch(at('a.log'), {
    0: write('a.log', 'one\ntwo\n'),
    1: () => truncateSync(at('a.log'), 0),
    2: append('a.log', 'three\n'),
  });
  expect(watched).toMatchObject({ text: '0:one 0:two 2:three', restarts: 1 });
});

test('watchText() sees that a file was written anew in place, also where it is longer than before', async () => {
  const { at, write } = await world();
  const watched = await watch(at('a.log'), {
    0: write('a.log', 'header\none\n'),
    2: write('a.log', 'header\ntwo\nthree\n'),
  });
  expect(watched).toMatchObject({ text: '0:header 0:one 2:header 2:two 2:three', restarts: 1 });
});

test('watchText() sees that a file was written anew, also where little was read at last', async () => {
  const { at, write, append } = await world();
  const watched = await watch(at('a.log'), {
    0: write('a.log', 'one\ntwo\n'),
    1: append('a.log', '\n'),
    2: write('a.log', 'abc\ndef\n\nghi\n'),
  });
  expect(watched.text).toBe('0:one 0:two 1: 2:abc 2:def 2: 2:ghi');
});

test('watchText() reads a file that took the name of another, whatever is in it', async () => {
  const { at, write, append, all, rename } = await world();
  const watched = await watch(at('a.log'), {
    0: write('a.log', 'one\n'),
    2: all(write('new', 'one\ntwo\n'), rename('new', 'a.log')),
    3: append('a.log', 'three\n'),
  });
  expect(watched).toMatchObject({ text: '0:one 2:one 2:two 3:three', restarts: 1 });
});

test('watchText() follows a file through its rotation, and reads the new one', async () => {
  const { at, write, append, all, rename } = await world();
  const watched = await watch(at('a.log*'), {
    0: write('a.log', 'one\n'),
    2: all(append('a.log', 'two\n'), rename('a.log', 'a.log.1'), write('a.log', 'three\n')),
    3: all(append('a.log.1', 'late\n'), rename('a.log.1', 'a.log.2'), rename('a.log', 'a.log.1')),
    4: write('a.log', 'four\n'),
  });
  expect(watched).toMatchObject({ text: '0:one 2:three 2:two 3:late 4:four', restarts: 0 });
});

test('watchText() knows a file again that had no name for one look', async () => {
  const { at, write, append, all, rename } = await world();
  const watched = await watch(at('*.log'), {
    0: write('a.log', 'one\n'),
    1: rename('a.log', 'hidden'),
    2: all(rename('hidden', 'b.log'), append('b.log', 'two\n')),
  });
  expect(watched.text).toBe('0:one 2:two');
});

test('watchText() forgets a file that was deleted, and reads one that is made under its name', async () => {
  const { at, write, remove } = await world();
  const happening = { 0: write('a.txt', 'one\n'), 1: remove('a.txt') };
  expect(await watch(at('*.txt'), happening)).toMatchObject({ text: '0:one', known: [] });
  // The file system may well give the new file the number of the old one.
  const again = { 0: write('a.txt', 'one\n'), 1: remove('a.txt'), 2: write('a.txt', 'two\nthree\n') };
  expect((await watch(at('*.txt'), again)).text).toBe('0:one 2:two 2:three');
});

test('watchText() reads no file again that was only touched or copied over with the same', async () => {
  const { at, write, all } = await world();
  const watched = await watch(at('a.txt'), {
    0: all(write('a.txt', 'one\n'), write('copy', 'one\n')),
    1: () => utimesSync(at('a.txt'), 1, 1),
    2: () => copyFileSync(at('copy'), at('a.txt')),
  });
  expect(watched.text).toBe('0:one');
});

test('watchText() from the end gives what is written from now on, whole lines, and new files from their start', async () => {
  const { at, write, append } = await world();
  write('a.log', `${'old\n'.repeat(40_000)}be`)();
  write('b.log', 'no end yet')();
  const watched = await watch(
    at('*.log'),
    { 1: append('a.log', 'gun\n'), 2: append('b.log', ' but now\n'), 3: write('c.log', 'new\n') },
    { readFrom: 'end' },
  );
  expect(watched).toMatchObject({ text: '1:begun 2:no end yet but now 3:new', restarts: 0 });
});

test('watchText() ends when nothing new came for so long, and then gives last lines without an end', async () => {
  const { at, write, append } = await world();
  const happening = {
    0: write('a.txt', 'one\ntwo'),
    1: write('b.txt', 'three'),
    3: append('a.txt', '!'),
  };
  const options = { terminateWhen: { noNewFor: 2500 }, seconds: 60 };
  const watched = await watch(at('*.txt'), happening, options);
  expect(watched).toMatchObject({ text: '0:one 5.5:two! 5.5:three', isEnded: true });
  expect((await watch(at('*.txt'), {}, { ...options, limits: [1] })).text).toBe('0:one 2.5:two! 2.5:three');
});

test('watchText() ends also when nothing ever came', async () => {
  const { at } = await world();
  const watched = await watch(at('*'), {}, { terminateWhen: { noNewFor: 1500 }, seconds: 60 });
  expect(watched).toMatchObject({ text: '', isEnded: true, polledAt: [0, 1000, 1500] });
});

test('watchText() goes on in the middle of files that have more lines than a poll takes', async () => {
  const { at, write } = await world();
  const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} ${'é'.repeat(i % 50)}`);
  write('a.txt', lines.join('\n') + '\n')();
  write('b.txt', 'after\n')();
  expect(statSync(at('a.txt')).size).toBeGreaterThan(1_500_000);
  const watched = await watch(at('*.txt'), {}, { seconds: 1, limits: [7000] });
  expect(watched.elements.map(({ value }) => value)).toEqual([...lines, 'after']);
  expect(watched.polledAt.filter((at) => at === 0).length).toBe(5);
});

test('watchText() gives the same lines wherever its polls end and files are written on', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => text.replace(/[\r\n\ufeff]/g, ''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      async (lines, cuts, limits) => {
        const { at, write, append } = await world();
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        write('a.txt', '')();
        let [written, turn] = [0, 0];
        const polled = await pollSource(sourceOf(beam.io.watchText(at('a.txt'))), {
          until: 100_000,
          limits,
          beforePoll: () => {
            const next = written + (cuts[turn++ % cuts.length] ?? 1);
            append('a.txt', bytes.subarray(written, next))();
            written = next;
          },
        });
        expect(polled.elements.map(({ value }) => value)).toEqual(lines);
      },
    ),
    { numRuns: 25 },
  );
});

test('watchText() says what is not UTF-8 with its line, however many polls came before', async () => {
  const { at, write, append } = await world();
  const happening = { 0: write('a.txt', 'one\ntwo\n'), 1: append('a.txt', Uint8Array.of(0x78, 0xff, 10)) };
  await expect(watch(at('a.txt'), happening)).rejects.toThrow(
    'a.txt" as text must be UTF-8: received byte 0xff at column 2',
  );
  await expect(watch(at('a.txt'), {})).rejects.toThrow('Cannot read line 3 of');
  const replaced = await watch(at('a.txt'), {}, { invalidUtf8: 'replace' });
  expect(replaced.text).toBe('0:one 0:two 0:x\ufffd');
});

test('watchText() refuses compressed files by name, folders and other schemes', async () => {
  const { at, write } = await world();
  write('a.log.1.gz', gzipSync('one\n'))();
  await expect(watch(at('*'), {})).rejects.toThrow(
    'as text can be read while it is written only where it is not compressed: received .gz',
  );
  await expect(watch(path.dirname(at('x')), {})).rejects.toThrow('received a folder');
  await expect(watch('gs://bucket/*.log', {})).rejects.toThrow('received gs://');
});

// Root may read anything.
test.skipIf(process.getuid?.() === 0)('watchText() says what it may not read', async () => {
  const { at, write } = await world();
  write('a.txt', 'one\n')();
  const { chmodSync } = await import('node:fs');
  chmodSync(at('a.txt'), 0);
  await expect(watch(at('a.txt'), {})).rejects.toThrow('as permission was denied');
});

test('watchText() stops in the middle of a file when it is aborted', async () => {
  const { at, write } = await world();
  write('a.txt', 'line\n'.repeat(100_000))();
  const abort = new AbortController();
  const source = sourceOf(beam.io.watchText(at('a.txt')));
  const [position] = await source.start(0);
  let count = 0;
  const emit = () => {
    if (++count === 10) abort.abort(new RangeError('enough'));
  };
  const polled = source.poll(position, { emit, now: 0, limit: 50_000, signal: abort.signal });
  await expect(polled).rejects.toThrow('enough');
  expect(count).toBe(10);
});

test.each([
  { options: { pollInterval: 0 }, want: 'Cannot watch text as pollInterval must be' },
  { options: { readFrom: 'middle' } as never, want: 'readFrom must be start or end: received middle' },
  { options: { terminateWhen: 5 } as never, want: 'its options are noNewFor: received the number 5' },
  { options: { terminateWhen: { noNewFor: -1 } }, want: 'terminateWhen.noNewFor must be' },
  {
    options: { compression: 'gzip' } as never,
    want: 'its options are pollInterval, terminateWhen, readFrom, invalidUtf8',
  },
])('watchText() refuses $options', ({ options, want }) => {
  expect(() => beam.io.watchText('a.txt', options)).toThrow(want);
});

test('watchText() refuses patterns that are none, and a PCollection as its input', () => {
  expect(() => beam.io.watchText([])).toThrow('Cannot watch text as patterns must be paths: received []');
  const paths = beam.pipeline().apply(beam.create(['a.txt']));
  expect(() => paths.apply(beam.io.watchText('a.txt') as never)).toThrow(
    '"WatchText" as it begins a pipeline',
  );
});

test('watchText() runs on the engine until it ends', async () => {
  const { at, write } = await world();
  write('a.txt', 'to be or\nnot to be')();
  const watched = beam
    .pipeline()
    .apply(beam.io.watchText(at('*.txt'), { pollInterval: 5, terminateWhen: { noNewFor: 20 } }));
  const { values, isClosed } = await collect(watched);
  expect({ values, isClosed }).toEqual({ values: ['to be or', 'not to be'], isClosed: true });
});
