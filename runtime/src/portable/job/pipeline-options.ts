import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { PipelineError } from '../../errors.ts';
import { describeValue } from '../../model/describe-value.ts';

/**
 * Pipeline options as a job service takes them: "beam:option:save_main_session:v1".
 *
 * Names may be written in camelCase or in snake_case; undefined ones are left out. Integers become strings, as a
 * JSON struct has floating point numbers alone and Beam's Java runners take no 2.0 for a 2.
 *
 * @throws {PipelineError} for a value that JSON has not.
 */
export function pipelineOptionsStruct(options: Readonly<Record<string, unknown>>): JsonObject {
  const struct: JsonObject = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    struct[`beam:option:${snakeCase(name)}:v1`] = jsonOf(value, name);
  }
  return struct;
}

/** The options of a job by their plain names, in snake_case: the inverse of pipelineOptionsStruct, but for integers. */
export function pipelineOptionsFrom(struct: JsonObject | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(struct ?? {}).map(([name, value]) => [
      /^beam:option:(.+):v\d+$/.exec(name)?.[1] ?? name,
      value,
    ]),
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function jsonOf(value: unknown, path: string): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) {
    return Number.isInteger(value) ? String(value) : value;
  }
  if (Array.isArray(value)) return value.map((item, index) => jsonOf(item, `${path}[${index}]`));
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, jsonOf(item, `${path}.${key}`)]),
    );
  }
  throw new PipelineError(
    `Cannot send the pipeline option ${path} as it must be a string, a number, a boolean, or an array or object of these: received ${describeValue(value)}`,
    { hint: 'Give it as text, and read that text in the pipeline' },
  );
}
