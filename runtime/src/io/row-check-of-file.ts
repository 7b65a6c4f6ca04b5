import { elementText } from '../model/element-text.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { FileError } from './file-error.ts';

/**
 * A row as its schema has it.
 *
 * @param where For the error: `line 3 of "a.csv"`. @param text What stands there.
 * @throws {FileError} for what does not match.
 */
export function rowOfFile<R>(
  value: unknown,
  schema: RowSchema<R>,
  { where, text }: { readonly where: () => string; readonly text: () => string },
): R {
  const result = schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ message, path = [] }) => `${path.map(String).join('.')}: ${message}`);
  throw new FileError(
    `Cannot read ${where()} as it must match the schema: ${issues.join('; ')}: ${shortened(text())}`,
    { hint: 'Declare another type for the field ("string?" holds any text), or mend the file' },
  );
}

/** A row to be written, as its schema has it. @param action For the error: "write CSV". */
export function rowToWrite<R>(value: unknown, schema: RowSchema<R>, action: string): R {
  const result = schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ message, path = [] }) => `${path.map(String).join('.')}: ${message}`);
  throw new FileError(
    `Cannot ${action} as each element must match the schema: ${issues.join('; ')}: ${elementText(value)}`,
    { hint: 'Map elements to rows of the schema first, or declare another type' },
  );
}

/** Of an offending text as much as a message should have. */
export function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
