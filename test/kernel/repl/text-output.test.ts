import { expect, test } from 'vitest';
import { bundleText, TextOutput } from '../../../kernel/src/repl/text-output.ts';
import type { SessionOutput } from '../../../kernel/src/session/session-output.ts';

function display(text: string, rest: { displayId?: string; update?: boolean } = {}): SessionOutput {
  return { kind: 'display', data: { 'text/plain': text }, metadata: {}, update: false, ...rest };
}

function print(isTerminal: boolean, ...outputs: SessionOutput[]): string {
  let text = '';
  const sink = { write: (part: string) => void (text += part) };
  const output = new TextOutput({ stdout: sink, stderr: sink, isTerminal, columns: () => 10 });
  for (const one of outputs) output.output(one);
  output.end({ status: 'ok' });
  return text;
}

test('TextOutput starts each value on a line of its own', () => {
  const stream = { kind: 'stream', name: 'stdout', text: 'no line end' } as const;
  expect(print(false, stream, display('value'), stream)).toBe('no line end\nvalue\nno line end\n');
});

test('TextOutput replaces a display in a terminal, with all the rows that it took', () => {
  const shown = print(
    true,
    display('12345678901', { displayId: 'd' }), // two rows of ten columns
    display('done', { displayId: 'd', update: true }),
  );
  expect(shown).toBe(`12345678901\n${'\u001b[1A\u001b[2K'.repeat(2)}done\n`);
});

test('TextOutput prints only the last state of a display in a pipe', () => {
  const updates = ['50 %', '99 %', 'done'].map((text) => display(text, { displayId: 'd', update: true }));
  expect(print(false, display('0 %', { displayId: 'd' }), ...updates)).toBe('0 %\ndone\n');
});

test('TextOutput does not erase what was printed after a display', () => {
  const shown = print(
    true,
    display('0 %', { displayId: 'd' }),
    display('other'),
    display('done', { displayId: 'd', update: true }),
  );
  expect(shown).toBe('0 %\nother\ndone\n');
});

test('bundleText() names the types of what has no text', () => {
  expect(bundleText({ 'image/png': 'x', 'text/html': 'y' })).toBe('[image/png, text/html]');
  expect(bundleText({ 'text/markdown': '**m**' })).toBe('**m**');
  expect(bundleText({})).toBe('');
});
