import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describeValue } from '../model/describe-value.ts';

/** What a check found in one element, and where in it the check is. */
export class Findings {
  readonly issues: StandardSchemaV1.Issue[] = [];
  readonly #path: PropertyKey[] = [];

  /** Goes on at a part of the value: a property, a place in an array, a key of a Map. */
  enter(step: PropertyKey): void {
    this.#path.push(step);
  }

  leave(): void {
    this.#path.pop();
  }

  /** Adds an issue, `expected int64, received the string "old"`, and gives null in place of the value. */
  report(value: unknown, expected: string): null {
    this.issues.push({
      message: `expected ${expected}, received ${describeValue(value)}`,
      path: [...this.#path],
    });
    return null;
  }
}
