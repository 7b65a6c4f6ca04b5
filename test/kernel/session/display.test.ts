import { expect, test } from 'vitest';
import { makeTslab } from '../../../kernel/src/session/thread/display.ts';
import type { SessionOutput } from '../../../kernel/src/session/session-output.ts';

function tslab() {
  const sent: Extract<SessionOutput, { kind: 'display' }>[] = [];
  const send = (output: SessionOutput) => {
    if (output.kind === 'display') sent.push(output);
  };
  return { sent, ...makeTslab({ send, waitFor: () => undefined }) };
}

test('display shows content of every type that tslab has', () => {
  const { sent, display } = tslab();
  const bytes = new Uint8Array([1, 2]);
  display.gif(bytes);
  display.pdf(bytes);
  display.raw('text/html', '<b>x</b>');
  expect(sent.map(({ data }) => data)).toEqual([
    { 'image/gif': 'AQI=' },
    { 'application/pdf': 'AQI=' },
    { 'text/html': '<b>x</b>' },
  ]);
  expect(sent.some(({ displayId, update }) => update || displayId !== undefined)).toBe(false);
});

test('newDisplay() overwrites what it showed, and nothing else', () => {
  const { sent, ...module } = tslab();
  const [one, two] = [module.newDisplay(), module.newDisplay()];
  one.text('a');
  two.text('b');
  one.text('c');
  expect(sent.map(({ update }) => update)).toEqual([false, false, true]);
  expect(sent[2]?.displayId).toBe(sent[0]?.displayId);
  expect(sent[1]?.displayId).not.toBe(sent[0]?.displayId);
});
