import { stripVTControlCharacters } from 'node:util';
import { valuesOf, type Matcher, type Mismatch } from './matcher.ts';
import { formatCount } from '../display/format.ts';
import { preview } from '../display/preview.ts';
import { countText, elementsLine } from './report.ts';
import { requireFunction } from './require-elements.ts';

/** Lines of what a function threw: those of assertion libraries say more after the first. */
const MOST_LINES = 4;

/**
 * Expects what a function of all elements says: it may throw, or return false, if they are not right; sync or async. Any
 * assertion library serves: `satisfies((words) => expect(words).toHaveLength(3))`.
 *
 * Elements come in no order. A job ships the function, and what it uses, to a worker.
 */
export function satisfies<T>(fn: (elements: readonly T[]) => unknown): Matcher<T> {
  requireFunction('satisfies', fn);
  return {
    name: 'satisfies',
    judge: async (elements) => {
      const values = valuesOf(elements);
      const failure = await failureOf(() => fn(values));
      if (failure === undefined) return undefined;
      const { summary, lines, cause } = failure;
      return {
        summary: `satisfies expects ${nameOf(fn)} to hold of ${countText(values.length)}, but ${summary}`,
        lines: [...lines, ...elementsLine('received', values)],
        cause,
      };
    },
  };
}

/** Expects each element to be right by itself: `fn` may throw, or return false, for one that is not; sync or async. */
export function allSatisfy<T>(fn: (element: T) => unknown): Matcher<T> {
  requireFunction('allSatisfy', fn);
  return {
    name: 'allSatisfy',
    judge: async (elements) => {
      const failing: T[] = [];
      let first: Mismatch | undefined;
      for (const value of valuesOf(elements)) {
        const failure = await failureOf(() => fn(value));
        if (failure === undefined) continue;
        failing.push(value);
        first ??= failure;
      }
      if (first === undefined) return undefined;
      return {
        summary: `allSatisfy expects ${nameOf(fn)} to hold of each of ${countText(elements.length)}, but not of ${formatCount(failing.length)}`,
        lines: [
          ...elementsLine('failing', failing),
          ...(first.cause === undefined ? [] : [`of the first ${first.summary}`, ...first.lines]),
        ],
        cause: first.cause,
      };
    },
  };
}

/** How a call of the user's function says that something is not right; undefined if it does not. */
async function failureOf(call: () => unknown): Promise<Mismatch | undefined> {
  try {
    return (await call()) === false ? { summary: 'it returned false', lines: [] } : undefined;
  } catch (cause) {
    const [first = '', ...rest] = thrownText(cause)
      .split('\n')
      .filter((line) => line.trim() !== '');
    return { summary: `it threw ${first}`, lines: rest.slice(0, MOST_LINES), cause };
  }
}

function thrownText(thrown: unknown): string {
  return thrown instanceof Error
    ? stripVTControlCharacters(`${thrown.name}: ${thrown.message}`)
    : preview(thrown, 100);
}

function nameOf(fn: { readonly name: string }): string {
  return fn.name === '' ? 'its function' : fn.name;
}
