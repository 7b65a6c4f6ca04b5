import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { definedAt } from '../../../runtime/src/display/defined-at.ts';
import { userFrames } from '../../../runtime/src/display/stack-frames.ts';

const OWN = fileURLToPath(new URL('../../../runtime/dist/executor/stage.js', import.meta.url));

/** A stack of these frames, under a message. */
function stackOf(...frames: readonly string[]): string {
  return ['Error: boom', ...frames.map((frame) => `    at ${frame}`)].join('\n');
}

test.each([
  {
    name: 'in a script, above the first call of ours',
    frames: ['words (/home/ann/words.js:3:1)', `Stage.process (${OWN}:1:1)`, 'main (/home/ann/main.js:9:1)'],
    want: ['words (/home/ann/words.js:3:1)'],
  },
  {
    name: 'that called a function of ours which threw',
    frames: [`group (file://${OWN}:1:1)`, 'cell 4:1:2', '/opt/kernel/worker.js:1:1'],
    want: ['cell 4:1:2'],
  },
  {
    name: 'that are async, in folders with spaces and brackets',
    frames: ['async words (file:///home/ann/my%20(new)/w.ts:3:1)', 'async cell 4:1:2'],
    want: ['async words (/home/ann/my (new)/w.ts:3:1)', 'async cell 4:1:2'],
  },
  {
    name: 'of which there are none',
    frames: [`a (${OWN}:1:1)`, 'node:events:1:1', 'Array.map (<anonymous>)'],
    want: [],
  },
])('userFrames() gives the frames $name', ({ frames, want }) => {
  expect(userFrames(stackOf(...frames)).map(({ text }) => text)).toEqual(want);
});

test.each([
  {
    name: 'a cell',
    frames: [`Pipeline.apply (${OWN}:1:1)`, 'build (cell 12:3:4)', 'cell 13:1:1'],
    want: 'cell 12, line 3',
  },
  {
    name: 'a script',
    frames: [`Pipeline.apply (${OWN}:1:1)`, 'file:///home/ann/w.ts:7:4'],
    want: '/home/ann/w.ts, line 7',
  },
  { name: 'nowhere', frames: [`Pipeline.apply (${OWN}:1:1)`], want: undefined },
])('definedAt() names $name', ({ frames, want }) => {
  expect(definedAt(stackOf(...frames))).toBe(want);
});

test('definedAt() knows nothing without a stack', () => {
  expect(definedAt(undefined)).toBeUndefined();
});
