import { expect, test } from 'vitest';
import { describeError } from '../../../runtime/src/display/describe-error.ts';
import {
  DuplicateNameError,
  PipelineAssertionError,
  PipelineError,
  UserCodeError,
} from '../../../runtime/src/errors.ts';
import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(new URL('../../../runtime/src/executor/stage.ts', import.meta.url));
const STACK = [
  '    at words (cell 7:3:10)',
  '    at Array.map (<anonymous>)',
  '    at file:///home/ann/stem%20er.ts:4:2',
  '    at clean (cell 5:1:3)',
  '    at b (cell 5:2:3)',
  '    at c (cell 5:3:3)',
  `    at Stage.process (${OWN}:10:5)`,
  '    at node:internal/process/task_queues:95:5',
  '    at execute (/opt/kernel/worker.js:1:1)',
].join('\n');
const APPLIED = `Error\n    at Pipeline.apply (file://${OWN}:1:2)\n    at cell 7:2:4\n    at run (/opt/kernel/worker.js:1:1)`;

function thrownWith(message: string): TypeError {
  const error = new TypeError(message);
  error.stack = `TypeError: ${message}\n${STACK}`;
  return error;
}

function fail(over: Partial<ConstructorParameters<typeof UserCodeError>[0]> = {}) {
  return describeError(
    new UserCodeError({
      transform: 'Count/FlatMap(words)',
      method: 'process',
      element: { line: 'Call me Ishmael' },
      cause: thrownWith('x is not a function'),
      appliedAt: APPLIED,
      ...over,
    }),
  );
}

test('describeError() of a failed DoFn gives transform, cell and line, element, own frames and hint', () => {
  expect(fail()?.lines).toEqual([
    '"Count/FlatMap(words)" threw in process: TypeError: x is not a function',
    'applied in: cell 7, line 2',
    'element: { line: "Call me Ishmael" }',
    '    at words (cell 7:3:10)',
    '    at /home/ann/stem er.ts:4:2',
    '    at clean (cell 5:1:3)',
    '    at b (cell 5:2:3)',
    'hint: Run the function on the element above in a cell of its own to see it fail alone',
  ]);
});

const nested = thrownWith('first\nsecond\n\nthird\nfourth\n    at fake (cell 1:1:1)\nfifth');
nested.cause = new RangeError('the root', { cause: new Error('its root') });
const hostile = Object.defineProperties(new Error('x'), {
  stack: {
    get() {
      throw new Error('no stack');
    },
  },
  message: { value: 12 },
});

test.each([
  { name: 'the longest there is', over: { cause: nested, element: 'x'.repeat(1e6) } },
  { name: 'a thrown string', over: { cause: 'nope' } },
  { name: 'a thrown undefined', over: { cause: undefined } },
  { name: 'an error whose getters throw', over: { cause: hostile } },
  { name: 'no place', over: { appliedAt: undefined } },
  {
    name: 'an element whose getters throw',
    over: {
      element: Object.defineProperty({}, 'a', {
        get: () => {
          throw new Error('no');
        },
        enumerable: true,
      }),
    },
  },
])('describeError() of $name is at most 12 lines, with nothing of ours', ({ over }) => {
  const lines = fail(over)?.lines ?? [];
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(lines.join('\n')).not.toMatch(/runtime\/src|worker\.js|node:internal/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(160);
});

test('describeError() names the cause of what was thrown, and keeps the message short', () => {
  const { lines = [] } = fail({ cause: nested }) ?? {};
  expect(lines.slice(0, 3)).toEqual([
    '"Count/FlatMap(words)" threw in process: TypeError: first',
    'second',
    '… 4 more lines',
  ]);
  expect(lines).toContain('caused by: RangeError: the root');
});

test('describeError() has no element, when it failed in setup', () => {
  const { lines = [] } = fail({ method: 'setup', element: undefined }) ?? {};
  expect(lines.join('\n')).not.toContain('element');
  expect(fail({ element: undefined })?.lines).toContain('element: undefined');
});

test('describeError() of another error of the pipeline gives its message and hint', () => {
  const description = describeError(new DuplicateNameError('Count'));
  expect(description?.name).toBe('DuplicateNameError');
  expect(description?.lines[0]).toBe(description?.message);
  expect(description?.lines.at(-1)).toBe(
    'hint: Give one of them another name with withName(name, transform)',
  );
});

test('describeError() shows the cell in which a pipeline was built wrongly', () => {
  const error = new PipelineError('Cannot group', { hint: 'Do not' });
  error.stack = `PipelineError: Cannot group\n    at group (${OWN}:1:1)\n    at cell 3:4:5\n    at run (/opt/kernel/worker.js:1:1)`;
  expect(describeError(error)?.lines).toEqual(['Cannot group', '    at cell 3:4:5', 'hint: Do not']);
});

test('describeError() leaves all other values to others', () => {
  expect([new Error('x'), 'x', undefined, null].map(describeError)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('describeError() breaks a long message at spaces, and loses none of it that fits three lines', () => {
  const message = Array.from({ length: 50 }, (_, index) => `word${index}`).join(' ');
  const { lines = [] } = describeError(new PipelineError(message, { hint: 'Try' })) ?? {};
  const end = lines.findIndex((line) => line.startsWith('    at '));
  expect(lines.slice(0, end === -1 ? -1 : end).join(' ')).toBe(message);
});

test('describeError() of a failed assertion gives all of its report that fits, where it was applied, and a hint', () => {
  const first = `Assertion "counts" failed: in window ${'x'.repeat(60)}, equalTo expects 2 elements, received 2: ${'y'.repeat(60)}`;
  const lines = Array.from({ length: 9 }, (_, n) => `line ${n}`);
  const appliedAt = 'Error\n    at cell 3:4:5';
  const error = new PipelineAssertionError([first, ...lines].join('\n'), { appliedAt });
  expect(describeError(error)?.lines).toEqual([
    first.slice(0, first.lastIndexOf(' ', 160)),
    first.slice(first.lastIndexOf(' ', 160) + 1),
    ...lines.slice(0, 6),
    'applied in: cell 3, line 4',
    'hint: ib.show(pcollection, { includeWindowInfo: true }) shows all of its elements, with windows and panes',
  ]);
});
