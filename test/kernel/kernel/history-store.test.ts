import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HistoryStore } from '../../../kernel/src/kernel/history-store.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-history-'));
  path = join(directory, 'deep', 'history.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A kernel that ran `cells`. */
function kernel(...cells: string[]): HistoryStore {
  const store = new HistoryStore({ path });
  cells.forEach((input, index) => store.add({ line: index + 1, input, output: null }));
  return store;
}

const tail = (store: HistoryStore, n = 100) => store.query({ hist_access_type: 'tail', output: false, n });

const search = (store: HistoryStore, pattern: string, rest: { unique?: boolean; n?: number } = {}) =>
  store
    .query({ hist_access_type: 'search', output: false, pattern, unique: rest.unique ?? false, n: rest.n })
    .map(([, , cell]) => cell);

test('HistoryStore keeps cells over kernels, newest last, each kernel with its own number', () => {
  kernel('a', 'b');
  const second = kernel('ü = "𝒳"\nc');
  expect(tail(second)).toEqual([
    [1, 1, 'a'],
    [1, 2, 'b'],
    [2, 1, 'ü = "𝒳"\nc'],
  ]);
  expect(tail(second, 1)).toEqual([[2, 1, 'ü = "𝒳"\nc']]);
  expect(tail(second, 0)).toEqual([]);
});

test('HistoryStore gives two kernels that run at once different numbers', () => {
  const one = new HistoryStore({ path });
  const two = new HistoryStore({ path });
  one.add({ line: 1, input: 'x', output: null });
  two.add({ line: 1, input: 'y', output: null });
  one.add({ line: 2, input: 'z', output: null });
  expect(tail(two).map(([session, line]) => `${session}/${line}`)).toEqual(['1/1', '1/2', '2/1']);
});

test('HistoryStore finds a range, of this session by 0 and of earlier ones by number or backwards', () => {
  kernel('a', 'b', 'c');
  const now = kernel('d');
  const range = (session: number, start: number, stop?: number) =>
    now.query({ hist_access_type: 'range', output: false, session, start, stop }).map(([, , cell]) => cell);
  expect(range(0, 1)).toEqual(['d']);
  expect(range(-1, 2)).toEqual(['b', 'c']);
  expect(range(1, 1, 3)).toEqual(['a', 'b']);
  expect(range(9, 1)).toEqual([]);
});

test('HistoryStore searches by glob over whole cells, unique and limited', () => {
  const store = kernel('1+2', 'f(1+2)', '1-2', '1+2', 'a.b', 'a\nb');
  expect(search(store, '1?2*')).toEqual(['1+2', '1-2', '1+2']);
  expect(search(store, '1?2*', { unique: true })).toEqual(['1-2', '1+2']);
  expect(search(store, '*', { n: 2 })).toEqual(['a.b', 'a\nb']);
  expect(search(store, 'a.b')).toEqual(['a.b']);
  expect(search(store, 'a?b')).toEqual(['a.b', 'a\nb']);
  expect(search(store, '1[+-]2')).toEqual(['1+2', '1-2', '1+2']);
  expect(search(store, '[')).toEqual([]);
});

test('HistoryStore gives outputs when asked', () => {
  const store = new HistoryStore({ path });
  store.add({ line: 1, input: '1+1', output: '2' });
  expect(store.query({ hist_access_type: 'tail', output: true, n: 1 })).toEqual([[1, 1, ['1+1', '2']]]);
});

test('HistoryStore forgets the oldest when the file grows past its limit', () => {
  const store = new HistoryStore({ path, sizeLimit: 2000 });
  for (let line = 1; line <= 200; line++) store.add({ line, input: `cell ${line}`, output: null });
  expect(statSync(path).size).toBeLessThanOrEqual(2000);
  const later = new HistoryStore({ path });
  const kept = tail(later);
  expect(kept.at(-1)).toEqual([1, 200, 'cell 200']);
  expect(kept.length).toBeLessThan(100);
});

test('HistoryStore reads past lines that are damaged', () => {
  kernel('a');
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"s":1,"n":2,"in":"cut of\nnull\n7\n`);
  expect(tail(kernel('b')).map(([, , cell]) => cell)).toEqual(['a', 'b']);
});

test('HistoryStore says once that it cannot write, and remembers its own kernel’s cells', () => {
  const notices: string[] = [];
  const blocked = join(directory, 'file');
  writeFileSync(blocked, '');
  const store = new HistoryStore({
    path: join(blocked, 'history.jsonl'),
    onNotice: (notice) => void notices.push(notice),
  });
  store.add({ line: 1, input: 'a', output: null });
  store.add({ line: 2, input: 'b', output: null });
  expect(notices).toHaveLength(1);
  expect(tail(store).map(([, , cell]) => cell)).toEqual(['a', 'b']);
});
