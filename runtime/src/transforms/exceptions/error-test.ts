import { InterruptedError, PipelineError } from '../../errors.ts';
import { describeValue } from '../../model/describe-value.ts';
import { TimeoutError } from './within.ts';

/** A class of errors, abstract or not. */
export type ErrorClass = abstract new (...args: never[]) => unknown;

/** Which errors are an element's: their classes, or a function that is true for them. */
export type ErrorTest = readonly ErrorClass[] | ((error: unknown) => boolean);

/**
 * True if an error is one of those that make an element a bad one. What Millrace itself says of the pipeline never is, nor is
 * an interrupt; a timeout always is.
 */
export function isTaken(error: unknown, test: ErrorTest | undefined): boolean {
  if (error instanceof PipelineError || error instanceof InterruptedError) return false;
  if (test === undefined || error instanceof TimeoutError) return true;
  if (typeof test !== 'function') return test.some((each) => error instanceof each);
  const answer: unknown = test(error); // the types do not hold in plain JavaScript
  if (typeof answer === 'boolean') return answer;
  throw new TypeError(
    `Cannot tell bad elements from errors of the pipeline as exceptions must give true or false: received ${describeValue(answer)}`,
  );
}

/** @throws {TypeError} for what is neither classes nor a function: a class alone is a function, and means something else. */
export function requireErrorTest(test: unknown, action: string): void {
  if (test === undefined) return;
  if (Array.isArray(test) && test.length > 0 && test.every((each) => typeof each === 'function')) return;
  if (typeof test === 'function' && !isErrorClass(test)) return;
  const received = isErrorClass(test) ? `the class ${test.name}; give [${test.name}]` : describeValue(test);
  throw new TypeError(
    `Cannot ${action} as exceptions must be an array of classes, or a function of an error: received ${received}`,
  );
}

function isErrorClass(value: unknown): value is { readonly name: string } {
  return typeof value === 'function' && (value === Error || value.prototype instanceof Error);
}
