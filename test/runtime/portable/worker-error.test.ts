import { expect, test } from 'vitest';

import { describeError } from '../../../runtime/src/display/describe-error.ts';
import {
  NonDeterministicKeyError,
  PipelineAssertionError,
  PipelineError,
  SchemaMismatchError,
  UserCodeError,
} from '../../../runtime/src/errors.ts';
import { workerErrorFrom, workerErrorText } from '../../../runtime/src/portable/worker-error.ts';

function userError(element: unknown, cause: unknown = thrown()): UserCodeError {
  const appliedAt = 'Error\n    at cell 3:2:10';
  return new UserCodeError({ transform: 'Map(parse)', method: 'map', element, cause, appliedAt });
}

/** As it comes out of a captured module. */
function thrown(): TypeError {
  const error = new TypeError('no number: "x"\nat all');
  error.stack = `TypeError: no number: "x"\nat all\n    at parse (file:///job/pipeline.mjs:12:9)\n    at file:///job/pipeline.mjs:40:3`;
  return error;
}

const mapStack = (stack: string) =>
  stack
    .replace(/file:\/\/\/job\/pipeline\.mjs:12:9/, 'cell 7:3:10')
    .replace(/file:\/\/\/job\/pipeline\.mjs:40:3/, 'cell 7:9:1');

test('workerErrorText() tells the transform, the element and the cell in at most 12 lines, and one for us', () => {
  const lines = workerErrorText(userError({ id: 7 }), mapStack).split('\n');
  expect(lines.slice(0, -1).join('\n')).toBe(
    [
      '"Map(parse)" threw in map: TypeError: no number: "x"',
      'at all',
      'applied in: cell 3, line 2',
      'element: { id: 7 }',
      '    at parse (cell 7:3:10)',
      '    at cell 7:9:1',
      'hint: Run the function on the element above in a cell of its own to see it fail alone',
    ].join('\n'),
  );
  expect(lines.at(-1)).toMatch(/^millrace-error: \{/);
});

test.each([
  { name: 'alone', wrap: (text: string) => text },
  {
    name: 'in a Java stack trace',
    wrap: (text: string) =>
      `java.lang.RuntimeException: Error received from SDK harness for instruction 4: ${text}\n\tat org.apache.beam.Foo.bar(Foo.java:12)\nCaused by: …`,
  },
  {
    name: 'at the end of a line of another program',
    wrap: (text: string) => `bundle inst-3 failed:${text}}; see log`,
  },
  {
    name: 'as a quoted text in Go or JSON',
    wrap: (text: string) => `level=ERROR msg=${JSON.stringify(text)} job="j"`,
  },
])('workerErrorFrom() finds the error $name, and it is described as it was', ({ wrap }) => {
  const original = userError({ id: 7, at: new Date(0), big: 10n });
  const text = workerErrorText(original, mapStack);
  const found = workerErrorFrom(wrap(text));
  expect(found).toBeInstanceOf(UserCodeError);
  expect(found).toMatchObject({
    transform: 'Map(parse)',
    method: 'map',
    element: { id: 7, at: new Date(0), big: 10n },
  });
  expect(describeError(found)?.lines.join('\n')).toBe(text.split('\n').slice(0, -1).join('\n'));
});

test('workerErrorFrom() shows an element that could not be sent as it was shown there', () => {
  const element = { run: () => 1, text: 'x'.repeat(10_000) };
  const found = workerErrorFrom(workerErrorText(userError(element)));
  const line = (error: unknown) => describeError(error)?.lines.find((each) => each.startsWith('element: '));
  expect(line(found)).toBe(line(userError(element)));
});

test('workerErrorFrom() makes errors of other kinds, with hint, name and cause', () => {
  const key = workerErrorFrom(workerErrorText(new NonDeterministicKeyError('Group', 'a Map at key')));
  expect(key).toBeInstanceOf(NonDeterministicKeyError);
  expect(key?.message).toContain('a Map at key');
  const plain = new PipelineError('Cannot read "x"', {
    transform: 'Read',
    hint: 'Look',
    cause: new RangeError('gone'),
  });
  const found = workerErrorFrom(workerErrorText(plain));
  expect(found).toMatchObject({
    message: 'Cannot read "x"',
    transform: 'Read',
    hint: 'Look',
    cause: { name: 'RangeError', message: 'gone' },
  });
});

test('workerErrorFrom() gives back an element that does not match its schema, and why', () => {
  const element = { age: 'old', at: new Date(0) };
  const original = new SchemaMismatchError({
    transform: 'WithSchema(zod)',
    issues: ['age: expected a number'],
    element,
    elementText: 'the element',
  });
  const found = workerErrorFrom(workerErrorText(original));
  expect(found).toBeInstanceOf(SchemaMismatchError);
  const { message, transform, issues } = original;
  expect(found).toMatchObject({ message, transform, issues, element });
});

test.each([{ thrown: 'a text' }, { thrown: 12n }, { thrown: undefined }, { thrown: null }])(
  'workerErrorFrom() keeps what was thrown that is no Error: $thrown',
  ({ thrown }) => {
    const found = workerErrorFrom(workerErrorText(userError(1, thrown)));
    expect(found?.message).toContain('threw in map');
    expect(describeError(found)?.lines[0]).toBe(describeError(userError(1, thrown))?.lines[0]);
  },
);

test('workerErrorText() gives the stack of a fault of ours, in at most 12 lines; there is no error for the user in it', () => {
  const text = workerErrorText(new RangeError('a fault'));
  expect(text).toContain('RangeError: a fault');
  expect(text.split('\n').length).toBeLessThanOrEqual(12);
  expect(workerErrorFrom(text)).toBeUndefined();
  expect(workerErrorFrom('millrace-error: {"name":')).toBeUndefined();
});

test('workerErrorFrom() gives a failed assertion its class, its report and the line that applied it', () => {
  const message = 'Assertion "sizes" failed: hasSize expects 1 element, received 2\nreceived: 1, 2';
  const appliedAt = 'Error\n    at file:///home/ann/sizes.ts:3:5';
  const original = new PipelineAssertionError(message, { transform: 'sizes/ParDo(Check)', appliedAt });
  const text = workerErrorText(original);
  const found = workerErrorFrom(text);
  expect(found).toBeInstanceOf(PipelineAssertionError);
  expect(found).toMatchObject({ message, transform: 'sizes/ParDo(Check)' });
  expect(found?.stack).toBe(`PipelineAssertionError: ${message}\n    at /home/ann/sizes.ts:3:5`);
  expect(describeError(found)?.lines).toEqual(text.split('\n').slice(0, -1));
});
