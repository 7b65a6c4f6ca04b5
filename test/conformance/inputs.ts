import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** Numbers at the edges of what a double can be. */
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.25,
  NaN,
  Infinity,
  -Infinity,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2.2250738585072014e-308,
  Number.MAX_VALUE,
  Number.EPSILON,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  127,
  128,
  -128,
  -129,
  65_535,
  65_536,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  1e21,
  1e-7,
  0.1,
];

/** Texts that a wrong encoding would change. */
const TEXTS = [
  '',
  ' ',
  'plain',
  'a\u0000b',
  'tab\tand\\backslash"quote\'',
  'line\nbreak\r\nand\u2028one',
  'naïve',
  'nai\u0308ve',
  'Ünïcödé',
  '日本語',
  'שלום',
  '👩‍👩‍👧‍👦',
  '𝒳',
  '\ufeffmark',
  '\ufffd',
  '\uffff',
  'x'.repeat(127),
  'x'.repeat(128),
  'é'.repeat(16_384),
  '__proto__',
  'constructor',
  'null',
  '1',
];

/** Halves of surrogate pairs, which no UTF-8 can hold. */
const HALVES = ['\ud800', 'a\udc00b', '\udc00\ud800', '\ud83d\ude00', '\ud800\ud800\udc00'];

const BIGINTS = [0n, -1n, 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n, -(2n ** 200n), 10n ** 50n];

const BYTES = [
  new Uint8Array(),
  Uint8Array.of(0),
  Uint8Array.of(255, 254, 0, 10, 13),
  Uint8Array.from({ length: 256 }, (_, index) => index),
  Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) & 255),
];

const DATES = [new Date(0), new Date(-1), new Date(8.64e15), new Date(-8.64e15), new Date(1_700_000_000_123)];

/** A chain of arrays in each other. */
const DEEP = Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], 'deep');

const MIXED: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  ...NUMBERS,
  ...TEXTS,
  ...BIGINTS,
  ...BYTES,
  ...DATES,
  [],
  [[]],
  [undefined, null],
  {},
  { a: undefined },
  { '': '', b: { c: [1, { d: null }] } },
  { key: 'k', value: 'v' },
  { key: 'k', value: [1, 2], other: 3 },
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`property ${index}`, index])),
  new Map<unknown, unknown>([
    ['a', 1],
    [1, 'a'],
    [{ b: 2 }, new Map()],
  ]),
  new Set<unknown>([1, '1', 1n, null]),
  DEEP,
];

/** Elements that only differ in a way that a careless key would not see. */
const KEYS: readonly unknown[] = [
  1,
  '1',
  1n,
  true,
  'true',
  null,
  'null',
  undefined,
  'undefined',
  0,
  -0,
  NaN,
  NaN,
  Infinity,
  '',
  [],
  [null],
  [1],
  ['1'],
  [1, 2],
  [[1], 2],
  [1, [2]],
  {},
  { a: 1, b: 2 },
  { b: 2, a: 1 },
  { a: 1 },
  { a: '1' },
  { a: undefined },
  { a: { b: 2 } },
  new Date(0),
  new Date(0),
  Uint8Array.of(1, 2),
  Uint8Array.of(1, 2),
  Uint8Array.of(12),
  'é',
  'e\u0301',
  2 ** 53,
  2n ** 53n,
];

const LINES = [
  'the quick brown fox',
  '',
  '  jumps   over ',
  'the lazy dog; the END',
  'größe ÄÖÜ straße',
  'zwölf Boxkämpfer jagen Viktor',
  "don't stop",
];

interface Order {
  readonly id: number;
  readonly user: string;
  readonly item: string;
  readonly price: number;
}

const USERS = ['ada', 'bo', 'cleo', 'Дана', 'eve ', ''];

/** Prices are quarters: sums of them are exact in any order. */
const ORDERS: readonly Order[] = Array.from({ length: 500 }, (_, id) => ({
  id,
  user: USERS[(id * 7) % USERS.length] ?? '',
  item: `item ${(id * 13) % 17}`,
  price: ((id * 37) % 401) / 4,
}));

/** [seconds since the epoch, key, value]; out of order, over ten minutes. */
const EVENTS = Array.from(
  { length: 120 },
  (_, n) => [(n * 97) % 600, USERS[(n * 5) % 4] ?? '', (n * 31) % 50] as const,
);

/** The same at the edges of windows of ten seconds, on both sides of the epoch. */
const EDGES = [-20, -11, -10, -9, -5, -1, 0, 1, 5, 9, 10, 11, 14, 15, 19, 20, 59, 60].map(
  (seconds, n) => [seconds, n % 3 === 0 ? 'a' : 'b', n] as const,
);

/** The same for sessions with a gap of ten seconds: apart, touching, bridged by an event that comes last. */
const VISITS = [
  [0, 'a', 1],
  [4, 'a', 2],
  [25, 'a', 3],
  [2, 'b', 4],
  [40, 'b', 5],
  [49, 'b', 6],
  [70, 'c', 7],
  [88, 'c', 8],
  [31, 'a', 9],
  [79, 'c', 10],
  [100, 'd', 11],
  [200, 'a', 12],
  [195, 'a', 13],
] as const;

/** Two visits that are exactly a gap apart: their windows touch, and do not overlap. */
const TOUCHING = [
  [0, 'a', 1],
  [10, 'a', 2],
  [30, 'a', 3],
  [39, 'a', 4],
] as const;

/** [ISO date and time in UTC, value]: around the changes of clocks, months and years. */
const DATED = [
  ['2025-12-31T22:59:59Z', 1],
  ['2025-12-31T23:00:00Z', 2],
  ['2026-01-01T00:00:00Z', 3],
  ['2026-02-28T23:59:59Z', 4],
  ['2026-03-01T00:00:00Z', 5],
  ['2026-03-28T22:59:59Z', 6],
  ['2026-03-28T23:00:00Z', 7],
  ['2026-03-29T01:30:00Z', 8],
  ['2026-03-29T21:59:59Z', 9],
  ['2026-03-29T22:00:00Z', 10],
  ['2026-10-24T22:00:00Z', 11],
  ['2026-10-25T22:59:59Z', 12],
  ['2026-10-25T23:00:00Z', 13],
  ['1969-12-31T23:59:59Z', 14],
] as const;

/** What happens in test streams, in seconds: elements are [seconds, key, value]. */
const STREAMS = {
  /** Elements in time, late ones, and too late ones. */
  late: [
    [
      'elements',
      [
        [1, 'a', 1],
        [2, 'a', 2],
        [3, 'b', 3],
      ],
    ],
    ['elements', [[4, 'a', 4]]],
    [
      'elements',
      [
        [12, 'b', 5],
        [15, 'a', 6],
      ],
    ],
    ['watermark', 11],
    [
      'elements',
      [
        [5, 'a', 7],
        [13, 'a', 8],
      ],
    ],
    ['watermark', 21],
    [
      'elements',
      [
        [6, 'b', 9],
        [22, 'a', 10],
      ],
    ],
    ['watermark', 30],
    [
      'elements',
      [
        [7, 'a', 11],
        [17, 'a', 12],
        [33, 'b', 13],
      ],
    ],
  ],
  /** One after the other, in two keys. */
  counts: [
    ['elements', [[1, 'a', 1]]],
    ['elements', [[2, 'a', 2]]],
    ['elements', [[3, 'b', 3]]],
    ['elements', [[4, 'a', 4]]],
    ['elements', [[5, 'a', 5]]],
    ['elements', [[6, 'b', 6]]],
    ['elements', [[7, 'a', 7]]],
    ['elements', [[8, 'a', 8]]],
    ['elements', [[9, 'b', 9]]],
  ],
  /** Late elements in the last millisecond of a lateness of twenty seconds, and in the second after it. */
  limit: [
    [
      'elements',
      [
        [1, 'a', 1],
        [2, 'b', 2],
      ],
    ],
    ['watermark', 29.999],
    ['elements', [[3, 'a', 3]]],
    ['watermark', 30.001],
    [
      'elements',
      [
        [4, 'a', 4],
        [15, 'a', 5],
      ],
    ],
  ],
  /** With time to wait in between. */
  clock: [
    ['elements', [[1, 'a', 1]]],
    ['processingTime', 5],
    [
      'elements',
      [
        [2, 'a', 2],
        [3, 'b', 3],
      ],
    ],
    ['processingTime', 6],
    ['elements', [[4, 'a', 4]]],
    ['processingTime', 20],
    [
      'elements',
      [
        [5, 'a', 5],
        [6, 'b', 6],
      ],
    ],
    ['processingTime', 11],
  ],
} as const;

/** What the pipelines are made of, by name. */
export const INPUTS = {
  numbers: NUMBERS,
  texts: TEXTS,
  halves: HALVES,
  bigints: BIGINTS,
  bytes: BYTES,
  dates: DATES,
  mixed: MIXED,
  keys: KEYS,
  lines: LINES,
  orders: ORDERS,
  users: USERS,
  events: EVENTS,
  edges: EDGES,
  visits: VISITS,
  touching: TOUCHING,
  dated: DATED,
  streams: STREAMS,
} as const;

/** Text files that are awkward to read: ends of lines, encodings, sizes. */
export function writeInputFiles(folder: string): void {
  mkdirSync(path.join(folder, 'parts'), { recursive: true });
  const write = (name: string, content: string | Uint8Array) =>
    writeFileSync(path.join(folder, name), content);
  write('unix.txt', 'first\nsecond\n\nlast without an end');
  write('dos.txt', 'first\r\nsecond\r\n\r\nlast\r\n');
  write('mark.txt', '\ufeffwith a mark\nsecond\n');
  write('empty.txt', '');
  write('one-empty-line.txt', '\n');
  write('long-line.txt', `${'0123456789'.repeat(40_000)}\nshort\n`);
  write('unicode.txt', `${TEXTS.filter((line) => !/[\n\r\u2028]/.test(line)).join('\n')}\n`);
  write('header.csv', 'name,count\na,1\nb,2\n');
  write('zipped.txt.gz', gzipSync('zipped 1\nzipped 2\n'));
  for (let part = 0; part < 5; part++) {
    write(
      `parts/part-${part}.txt`,
      Array.from({ length: part * 10 }, (_, line) => `${part} ${line}\n`).join(''),
    );
  }
}
