import { expect, test } from 'vitest';
import { bodyOf, IMPORTS, moduleOf, planOf, type TestCell } from './plan.ts';

const P = "const p = beam.pipeline('t');\nconst numbers = p.apply(beam.create([1, 2, 3]));";

/** The names that a pipeline gives. */
const outputsOf = (cells: readonly TestCell[], pcollections: readonly string[] = []): readonly string[] =>
  planOf(cells, { pcollections }).slice.targets.map(({ name }) => name);

test('planExport() takes what the pipeline needs, and leaves what only looks', () => {
  const cells = [
    IMPORTS,
    P,
    'numbers',
    'await ib.show(numbers);\nconst doubled = numbers.map((n) => n * 2);\nawait ib.head(doubled, 3)',
    'const [total] = await ib.collect(numbers.apply(beam.sum()));\nconsole.log(total)',
    'display(doubled)',
    'doubled.apply(beam.countGlobally())',
  ];
  expect(moduleOf(cells)).toBe(`import * as beam from 'millrace';
import type { PipelineOptions } from './options.ts';

/** Builds the pipeline, and does not run it. */
export function buildPipeline(_options: PipelineOptions = {}) {
  const p = beam.pipeline('t');
  const numbers = p.apply(beam.create([1, 2, 3]));

  const doubled = numbers.map((n) => n * 2);

  return { pipeline: p, outputs: { doubled } };
}
`);
});

test.each<{
  name: string;
  cells: readonly TestCell[];
  pcollections?: readonly string[];
  want: readonly string[];
}>([
  {
    name: 'what nothing takes',
    cells: [P, 'const a = numbers.map(String);\nconst b = numbers.filter(Boolean);'],
    want: ['a', 'b'],
  },
  {
    name: 'the PCollection that is named',
    cells: [P, 'const a = numbers.map(String);\nconst b = a.map(Number);'],
    pcollections: ['a'],
    want: ['a'],
  },
  {
    name: 'the last of one name',
    cells: [P, 'const a = numbers.map(String);', 'const a = numbers.filter(Boolean);'],
    want: ['a'],
  },
  {
    name: 'an array of PCollections',
    cells: [P, 'const parts = numbers.apply(beam.partition(2, (n) => n % 2));'],
    want: ['parts'],
  },
  {
    name: 'PCollections of a pattern',
    cells: [
      P,
      "const { main, odd } = numbers.apply(beam.parDo({ process: function* (n: number) { yield n; } }, { tags: ['odd'] } as never)) as unknown as { main: beam.PCollection<number>; odd: beam.PCollection<number> };",
    ],
    want: ['main', 'odd'],
  },
  {
    name: 'one pipeline of two, by its name',
    cells: [P, "const q = beam.pipeline('u');\nconst others = q.apply(beam.create(['a']));"],
    pcollections: ['q'],
    want: ['others'],
  },
  {
    name: 'a list that a loop fills with PCollections',
    cells: [
      P,
      'const parts: beam.PCollection<number>[] = [];\nfor (const n of [1, 2]) parts.push(numbers.map((x) => x * n));',
    ],
    want: ['parts'],
  },
  {
    name: 'two lists that one loop fills',
    cells: [
      P,
      'const odd: beam.PCollection<number>[] = [];\nconst even: beam.PCollection<number>[] = [];\nfor (const n of [1, 2]) {\n  odd.push(numbers.map((x) => x * n));\n  even.push(numbers.map((x) => -x * n));\n}',
    ],
    want: ['odd', 'even'],
  },
  {
    name: 'what is made of such a list',
    cells: [
      P,
      'const parts: beam.PCollection<number>[] = [];\nfor (const n of [1, 2]) parts.push(numbers.map((x) => x * n));',
      'const all = beam.P(parts).apply(beam.flatten());',
    ],
    want: ['all'],
  },
  {
    name: 'nothing of a cell that is to fail',
    cells: [P, { code: 'const bad = numbers.map(() => { throw 1 });', tags: ['raises-exception'] }],
    want: ['numbers'],
  },
])('planExport() gives $name', ({ cells, pcollections, want }) => {
  expect(outputsOf([IMPORTS, ...cells], pcollections)).toEqual(want);
});

test.each<{ name: string; cells: readonly TestCell[]; want: string }>([
  {
    name: 'a method call that changes what is needed',
    cells: [
      "const dull = new Set(['a']);",
      "dull.add('b')",
      'const kept = numbers.filter((n) => !dull.has(String(n)));',
    ],
    want: "const dull = new Set(['a']);\n\ndull.add('b')",
  },
  {
    name: 'a loop that fills what is needed',
    cells: [
      'const list: number[] = [];\nfor (const n of [1, 2]) { console.log(n); list.push(n); }',
      'const kept = numbers.filter((n) => list.includes(n));',
    ],
    want: 'const list: number[] = [];\nfor (const n of [1, 2]) { console.log(n); list.push(n); }',
  },
  {
    name: 'a call of a function that changes what is needed',
    cells: [
      'let limit = 1;\nconst raise = () => { limit += 1; };',
      'raise();',
      'const kept = numbers.filter((n) => n < limit);',
    ],
    want: 'let limit = 1;\nconst raise = () => { limit += 1; };\n\nraise();',
  },
  {
    name: 'a property that is set',
    cells: [
      'const settings = { limit: 1 };',
      'settings.limit = 5;',
      'const kept = numbers.filter((n) => n < settings.limit);',
    ],
    want: 'const settings = { limit: 1 };\n\nsettings.limit = 5;',
  },
  {
    name: 'a call that is given what is needed, and whose result is dropped',
    cells: [
      "const table = new Map<string, number>();\nfunction fill(map: Map<string, number>) { map.set('a', 1); }",
      'fill(table);\n1',
      'const kept = numbers.filter((n) => n < table.size);',
    ],
    want: "const table = new Map<string, number>();\nfunction fill(map: Map<string, number>) { map.set('a', 1); }\n\nfill(table);",
  },
  {
    name: 'the environment of the process',
    cells: ["process.env.TZ = 'UTC';", 'const kept = numbers.map((n) => new Date(n).getHours());'],
    want: "process.env.TZ = 'UTC';",
  },
])('planExport() takes $name', ({ cells, want }) => {
  const text = moduleOf([IMPORTS, P, ...cells]);
  expect(text).toContain(want);
});

test.each<{ name: string; cell: string }>([
  { name: 'a method that only reads', cell: "dull.has('x')" },
  { name: 'a print', cell: 'console.log(dull);\n1' },
  { name: 'a try of a helper', cell: "isKept('x')" },
  { name: 'a length', cell: 'dull.size' },
  { name: 'a copy that is changed', cell: 'const other = [...dull];\nother.push(1 as never);' },
])('planExport() leaves $name', ({ cell }) => {
  const cells = [
    "const dull = new Set(['a']);\nconst isKept = (s: string) => !dull.has(s);",
    cell,
    'const kept = numbers.filter((n) => isKept(String(n)));',
  ];
  expect(moduleOf([IMPORTS, P, ...cells])).toBe(moduleOf([IMPORTS, P, ...cells.toSpliced(1, 1)]));
});

test('planExport() keeps a write, and gives no output for it', () => {
  const cells = [IMPORTS, P, "numbers.apply(beam.io.writeToText('out/numbers'));", 'numbers'];
  expect(bodyOf(cells)).toContain('numbers.apply(beam.io.writeToText(numbersOutput));');
  const named = [IMPORTS, P, "const files = numbers.apply(beam.io.writeToText('out/numbers'));"];
  expect(moduleOf(named)).toContain('outputs: {} }');
});

test('planExport() gives names that are declared twice names of their own', () => {
  const cells = [
    IMPORTS,
    'const data = [1, 2];\nconst p = beam.pipeline();\nconst xs = p.apply(beam.create(data));',
    "const data = ['a'];\nconst ys = p.apply(beam.create(data));\nconst both = beam.P([xs.map(String), ys]).apply(beam.flatten());",
  ];
  const text = moduleOf(cells);
  expect(text).toContain('const data2 = [1, 2];');
  expect(text).toContain('p.apply(beam.create(data2))');
  expect(text).toContain("const data = ['a'];");
  expect(text).toContain('p.apply(beam.create(data))');
});

test('planExport() renames a name inside of shorthands and patterns', () => {
  const cells = [
    IMPORTS,
    'const { size } = { size: 2 };\nconst box = { size };',
    "const size = 'large';\nconst p = beam.pipeline();\nconst xs = p.apply(beam.create([size])).map((s) => s + box.size);",
  ];
  expect(moduleOf(cells)).toContain('const { size: size2 } = { size: 2 };\nconst box = { size: size2 };');
});

test('planExport() looks a name up inside of functions as the notebook does: when they are called', () => {
  const cells = [
    IMPORTS,
    'const isOk = (n: number) => n > limit();\nfunction limit() { return 1; }',
    P,
    'const kept = numbers.filter(isOk);',
    'function limit() { return 2; }',
  ];
  const text = moduleOf(cells);
  expect(text).toContain('return 2');
  expect(text).not.toContain('return 1');
});

test('planExport() runs in its sample what a cell was checked against, and the pipeline does not have', () => {
  const cells = [
    IMPORTS,
    'const limit = 1;\nconst isOk = (n: number) => n > limit;\nconst isUsed = isOk;',
    P,
    'const kept = numbers.filter(isUsed);',
    'const limit = 2;',
  ];
  const { slice } = planOf(cells);
  expect(slice.replaced.map(({ node }) => node.getText())).toEqual(['limit = 1']);
  expect(moduleOf(cells)).toContain('const limit = 2;');
  expect(moduleOf(cells)).not.toContain('const limit = 1;');
});

test('planExport() splits a statement of which it needs a part', () => {
  const cells = [
    IMPORTS,
    P,
    'const limit = 2, seen = await ib.head(numbers);',
    'const kept = numbers.filter((n) => n < limit);',
  ];
  expect(moduleOf(cells)).toContain('\nconst limit = 2;\n');
});

test('planExport() imports each name once, types as types, and nothing that it does not need', () => {
  const cells = [
    "import { pipeline, create, type KV } from 'millrace';\nimport { inspect } from 'node:util';",
    "import { pipeline, map, KV as Pair } from 'millrace';\nconst p = pipeline();\nconst one: Pair<string, number> = { key: 'a', value: 1 };\nconst xs = p.apply(create([one])).apply(map((pair) => pair.value));",
  ];
  expect(moduleOf(cells)).toContain(
    "import { create, map, pipeline, type KV as Pair } from 'millrace';\nimport type",
  );
});

test('planExport() makes the builder async where the notebook waits', () => {
  const cells = [
    IMPORTS,
    'const rows = await Promise.all([1, 2]);\nconst p = beam.pipeline();\nconst xs = p.apply(beam.create(rows));',
  ];
  expect(moduleOf(cells)).toContain('export async function buildPipeline(');
});

test('planExport() keeps comments, the text between cells, and what template literals hold', () => {
  const cells: readonly TestCell[] = [
    { text: '# Title\n\nNot here.' },
    IMPORTS,
    { text: '## Numbers\n\nAll of *them*: `Set<string>`.' },
    '// The source\nconst p = beam.pipeline(); // begins\nconst xs = p.apply(beam.create([`a\n  b`]));',
  ];
  expect(bodyOf(cells)).toBe(
    '// Numbers\n//\n// All of *them*: `Set<string>`.\n// The source\nconst p = beam.pipeline(); // begins\nconst xs = p.apply(beam.create([`a\nb`]));',
  );
  // bodyOf() takes two spaces from every line: the literal has them still.
  expect(moduleOf(cells)).toContain('[`a\n  b`]');
});

test.each<{ name: string; cells: readonly TestCell[]; pcollections?: readonly string[]; want: RegExp }>([
  {
    name: 'a notebook without a pipeline',
    cells: ['const a = 1;'],
    want: /must make a pipeline: received none/,
  },
  {
    name: 'two pipelines, and none chosen',
    cells: [P, "const q = beam.pipeline('u');\nconst others = q.apply(beam.create(['a']));"],
    want: /one pipeline must be chosen: received "p" of cell 2 and "q" of cell 3/,
  },
  {
    name: 'PCollections of two pipelines',
    cells: [P, "const q = beam.pipeline('u');\nconst others = q.apply(beam.create(['a']));"],
    pcollections: ['numbers', 'others'],
    want: /must belong to one pipeline/,
  },
  { name: 'a name that is none', cells: [P], pcollections: ['nambers'], want: /"nambers".*received none/ },
  {
    name: 'an empty pipeline',
    cells: ["const p = beam.pipeline('t');"],
    want: /"p" of cell 2.*must hold a PCollection/,
  },
  {
    name: 'a value that was looked up',
    cells: [
      P,
      'const [total] = await ib.collect(numbers.apply(beam.countGlobally()));',
      'const shares = numbers.map((n) => n / total!);',
    ],
    want: /"shares".*must not look at results: received "total" of cell 3, which uses ib\.collect/,
  },
  {
    name: 'what a look fills',
    cells: [
      P,
      'const seen = new Set<number>();\nfor (const n of await ib.collect(numbers)) seen.add(n);',
      'const fresh = numbers.filter((n) => !seen.has(n));',
    ],
    want: /must not look at results: received a statement of cell 3, which uses ib\.collect/,
  },
  {
    name: 'a function that displays',
    cells: [P, 'const shown = numbers.map((n) => { display(n); return n; });'],
    want: /"shown".*which uses display/,
  },
  {
    name: 'a magic',
    cells: ['%%bash\nls', P],
    want: /every cell must be TypeScript: received "%%bash" in cell 2/,
  },
  { name: 'a cell that is no TypeScript', cells: ['const = 1', P], want: /received, in cell 2, line 1: / },
  {
    name: 'code that asks where it stands',
    cells: [P, 'const here = numbers.map((n) => import.meta.dirname + n);'],
    want: /must not ask where it stands: received import\.meta\.dirname in cell 3/,
  },
  {
    name: 'a parameter that is not written out',
    cells: [
      { code: 'const since = new Date(0);', tags: ['parameters'] },
      P,
      'const late = numbers.filter((n) => n > since.getTime());',
    ],
    want: /parameter "since" as its value must be written out: received since = new Date\(0\) in cell 2/,
  },
])('planExport() refuses $name', ({ cells, pcollections, want }) => {
  expect(() => planOf([IMPORTS, ...cells], { pcollections: pcollections ?? [] })).toThrow(want);
});
