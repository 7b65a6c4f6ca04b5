import { expect, test } from 'vitest';
import { reportError } from '../../../kernel/src/session/thread/error-report.ts';

const SOURCE = 'const a = null;\n\tfail(a.b);\n';
const context = { sourceOf: (name: string) => (name === 'cell 7' ? SOURCE : undefined) };

// The colours are not what these tests are about.
// eslint-disable-next-line no-control-regex
const plain = (lines: readonly string[]) => lines.join('\n').replaceAll(/\u001b\[\d+m/g, '');

function errorAt(stack: string, error: Error = new TypeError('no b')): Error {
  error.stack = `TypeError: no b\n${stack}`;
  return error;
}

test('reportError() shows the frames of the user, and the line of the innermost one', () => {
  const error = errorAt(
    '    at Array.map (<anonymous>)\n    at f (cell 7:2:7)\n    at async cell 8:1:1\n    at process.x (node:internal/y:1:2)',
  );
  const report = reportError(error, context);
  expect(report).toMatchObject({ ename: 'TypeError', evalue: 'no b' });
  expect(plain(report.traceback)).toBe(
    [
      'TypeError: no b',
      '    at Array.map (<anonymous>)',
      '    at f (cell 7:2:7)',
      '    at async cell 8:1:1',
      '',
      'cell 7:',
      '  1 | const a = null;',
      '> 2 | \tfail(a.b);',
      '    | \t     ^',
    ].join('\n'),
  );
});

test('reportError() shows causes, also in a circle', () => {
  const inner = new RangeError('inner');
  const outer = errorAt('', new Error('outer', { cause: inner }));
  inner.cause = outer;
  const text = plain(reportError(outer, context).traceback);
  expect(text).toMatch(/^Error: outer\n\nCaused by: RangeError: inner\n/);
  expect(text.match(/Caused by/g)).toHaveLength(1);
});

test('reportError() shows the errors of an AggregateError', () => {
  const text = plain(reportError(new AggregateError([new Error('a'), 'b'], 'all'), context).traceback);
  expect(text).toMatch(/AggregateError: all[\s\S]*\[0\] Error: a[\s\S]*\[1\] 'b'/);
});

test("reportError() shows what else an error says, and takes the runtime's own words for its own errors", () => {
  const missing = Object.assign(new Error('no file'), { code: 'ENOENT', hint: 'Look again' });
  expect(plain(reportError(missing, context).traceback)).toMatch(/\{ code: 'ENOENT' \}\nhint: Look again$/);
  const describeError = () => ({ name: 'UserCodeError', message: 'm', lines: ['one', 'two'] });
  const report = reportError(missing, { ...context, describeError });
  expect(plain(report.traceback)).toBe('UserCodeError\none\ntwo');
});

test.each([
  { name: 'a string', thrown: 'x', evalue: "'x'" },
  { name: 'undefined', thrown: undefined, evalue: 'undefined' },
  { name: 'an object', thrown: { a: 1 }, evalue: '{ a: 1 }' },
])('reportError() shows $name that was thrown', ({ thrown, evalue }) => {
  expect(reportError(thrown, context)).toMatchObject({ ename: 'Thrown', evalue });
});

test('reportError() never throws, whatever was thrown', () => {
  const bad = () => {
    throw new Error('bad getter');
  };
  const error = Object.defineProperties(new Error(), {
    stack: { get: bad },
    message: { get: bad },
    name: { get: bad },
    extra: { get: bad, enumerable: true },
  });
  const proxy = new Proxy({}, { get: bad, has: bad, getPrototypeOf: bad, ownKeys: bad });
  expect(reportError(error, context)).toMatchObject({ ename: 'Error', evalue: '' });
  expect(reportError(proxy, context).status).toBe('error');
});
