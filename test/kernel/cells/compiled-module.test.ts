import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadCompiled } from '../../../kernel/src/cells/compiled-module.ts';

let folder: string;
let kept: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-compiled-'));
  kept = path.join(folder, 'kept');
  file = path.join(folder, 'answer.js');
  writeFileSync(file, "exports.answer = () => 42; exports.name = require('node:path').basename(__filename);");
});

const load = () => loadCompiled(file, kept);
const answerOf = ({ exports }: { exports: unknown }) => (exports as { answer: () => number }).answer();

test('loadCompiled() runs a CommonJS module, and uses what an earlier load kept', () => {
  const first = load();
  expect([answerOf(first), first.isWarm]).toEqual([42, false]);
  expect(first.exports).toMatchObject({ name: 'answer.js' });
  first.keep();
  const second = load();
  expect([answerOf(second), second.isWarm]).toEqual([42, true]);
});

test('loadCompiled() compiles anew when the file has changed, or what was kept is damaged', () => {
  load().keep();
  writeFileSync(file, 'exports.answer = () => 4321;');
  expect([answerOf(load()), load().isWarm]).toEqual([4321, false]);
  load().keep();
  for (const name of readdirSync(kept)) {
    const bytes = readFileSync(path.join(kept, name));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 255, bytes.length - 9);
    writeFileSync(path.join(kept, name), bytes);
  }
  expect([answerOf(load()), load().isWarm]).toEqual([4321, false]);
});

test('keep() removes what nobody used for a month, and does without a folder', () => {
  mkdirSync(kept);
  const old = path.join(kept, 'typescript-0.bin');
  writeFileSync(old, '');
  utimesSync(old, new Date(0), new Date(0));
  load().keep();
  expect(existsSync(old)).toBe(false);
  const blocked = loadCompiled(file, path.join(file, 'no folder'));
  expect(() => blocked.keep()).not.toThrow();
});
