import { describeValue } from './describe-value.ts';

/**
 * Refuses what `apply` cannot apply. The types refuse most of it; they do not hold in plain JavaScript.
 *
 * @throws {TypeError} says what was received, and what to do with a DoFn, a CombineFn or a class.
 */
export function requireApplicable(transform: unknown): void {
  if (typeof transform === 'function' ? !isClass(transform) : has(transform, 'expand')) return;
  const advice = isClass(transform)
    ? '; make an instance of it with new'
    : has(transform, 'createAccumulator')
      ? '; give a CombineFn to combineGlobally() or combinePerKey()'
      : has(transform, 'process')
        ? '; give a DoFn to parDo()'
        : '';
  throw new TypeError(
    `Cannot apply as it takes a PTransform, or a function that applies some: received ${nameOf(transform)}${advice}`,
  );
}

/**
 * Refuses an output that shows that a transform was not applied at all, or is not applied yet.
 *
 * @throws {TypeError}
 */
export function requireApplied(output: unknown, label: string): void {
  if (has(output, 'expand')) {
    throw new TypeError(
      `Cannot apply "${label}" as it must give PCollections: received a PTransform; call the function that makes it: ` +
        `apply(f()), not apply(f)`,
    );
  }
  if (has(output, 'then')) {
    throw new TypeError(
      `Cannot apply "${label}" as it must give PCollections at once: received a promise; await before apply() instead`,
    );
  }
}

/** True for a class: it cannot be called as a function. */
export function isClass(value: unknown): value is new (...args: never[]) => unknown {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function has(value: unknown, method: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Readonly<Record<string, unknown>>)[method] === 'function' // any object can be asked
  );
}

function nameOf(value: unknown): string {
  return isClass(value) ? `the class ${value.name}`.trimEnd() : describeValue(value);
}
