import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseNotebook, readNotebook } from '../../../kernel/src/notebook/read-notebook.ts';
import { formatNotebook, writeNotebook } from '../../../kernel/src/notebook/write-notebook.ts';

function text(notebook: object): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [], ...notebook });
}

test('parseNotebook() joins lines, gives ids where there are none, and leaves outputs behind', () => {
  const notebook = parseNotebook(
    text({
      nbformat_minor: 2,
      cells: [
        { cell_type: 'markdown', source: ['# a\n', 'b'], metadata: {}, attachments: { x: {} } },
        {
          cell_type: 'code',
          source: '1',
          metadata: {},
          execution_count: 7,
          outputs: [{ output_type: 'stream' }],
        },
        { cell_type: 'code', id: 'mine', source: [], metadata: {} },
      ],
    }),
  );
  const [markdown, code, empty] = notebook.cells;
  expect(markdown).toMatchObject({ cell_type: 'markdown', source: '# a\nb', attachments: { x: {} } });
  expect(markdown?.id).toMatch(/^[0-9a-f]{8}$/);
  expect(code).toMatchObject({ source: '1', execution_count: null, outputs: [] });
  expect(empty).toMatchObject({ id: 'mine', source: '' });
});

test.each([
  { name: 'what is not JSON', input: '{', want: 'it is not JSON' },
  { name: 'a list', input: '[]', want: 'it has no "nbformat"' },
  {
    name: 'nbformat 3',
    input: text({ nbformat: 3, worksheets: [] }),
    want: 'must be nbformat 4: received 3',
  },
  { name: 'no cells', input: text({ cells: undefined }), want: 'it has no list of cells' },
  {
    name: 'a cell without source',
    input: text({ cells: [{ cell_type: 'code' }] }),
    want: 'its cell 1 has no "source"',
  },
  {
    name: 'a Python notebook',
    input: text({
      metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
    }),
    want: 'must run TypeScript: received "Python 3" ("python")',
  },
  {
    name: 'a notebook of an unknown kernel',
    input: text({ metadata: { kernelspec: { name: 'ir' } } }),
    want: 'received "ir"',
  },
])('parseNotebook() refuses $name', ({ input, want }) => {
  expect(() => parseNotebook(input)).toThrow(want);
});

test.each([
  {},
  { kernelspec: { name: 'millrace' } },
  { kernelspec: { name: 'tslab', language: 'typescript' } },
])('parseNotebook() takes the metadata %j', (metadata) => {
  expect(parseNotebook(text({ metadata })).metadata).toEqual(metadata);
});

test('readNotebook() names a file that is not there', () => {
  expect(() => readNotebook('/no/such.ipynb')).toThrow(
    'Cannot read the notebook /no/such.ipynb: there is no such file',
  );
});

test('formatNotebook() writes nbformat 4.5 with text in lines, and JSON as it is', () => {
  const notebook = parseNotebook(
    text({ nbformat_minor: 2, cells: [{ cell_type: 'code', id: 'a', source: 'x\ny' }] }),
  );
  const [cell] = notebook.cells;
  if (cell === undefined) throw new TypeError('no cell');
  const outputs = [
    { output_type: 'stream', name: 'stdout', text: '1\n2' },
    {
      output_type: 'execute_result',
      execution_count: 1,
      data: { 'text/plain': 'a\nb\n', 'application/vnd.vegalite.v5+json': { a: 'x\ny' } },
      metadata: {},
    },
  ] as const;
  const written: unknown = JSON.parse(
    formatNotebook({ ...notebook, cells: [{ ...cell, execution_count: 1, outputs }] }),
  );
  expect(written).toEqual({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      {
        cell_type: 'code',
        id: 'a',
        metadata: {},
        source: ['x\n', 'y'],
        execution_count: 1,
        outputs: [
          { ...outputs[0], text: ['1\n', '2'] },
          { ...outputs[1], data: { ...outputs[1].data, 'text/plain': ['a\n', 'b\n'] } },
        ],
      },
    ],
  });
});

test('writeNotebook() leaves nothing but the notebook, and says when it cannot write', () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-notebook-'));
  try {
    const notebook = parseNotebook(text({}));
    writeNotebook(join(directory, 'out.ipynb'), notebook);
    expect(readdirSync(directory)).toEqual(['out.ipynb']);
    expect(readFileSync(join(directory, 'out.ipynb'), 'utf8')).toBe(formatNotebook(notebook));
    expect(() => writeNotebook(join(directory, 'no', 'out.ipynb'), notebook)).toThrow(
      'Cannot write the notebook',
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
