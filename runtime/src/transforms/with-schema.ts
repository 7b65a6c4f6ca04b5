import type { StandardSchemaV1 } from '@standard-schema/spec';
import { SchemaMismatchError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import { elementText } from '../model/element-text.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

/**
 * Checks that each element is a row of a schema, and gives it the schema's type: `lines.apply(withSchema(z.object({ … })))`.
 *
 * The schema is one of Beam's types (`beam.schema`, `beam.inferSchema`), or that of any validator with the Standard Schema
 * interface (zod, valibot, arktype), sync or async. What the validator makes of an element goes on: with defaults filled in,
 * texts made dates, unknown fields left out.
 *
 * @throws {SchemaMismatchError} when it runs, for an element that does not match: it names the field, what must hold and the
 *   element. @throws {TypeError} for what is no schema.
 * @see https://standardschema.dev
 */
export function withSchema<S extends StandardSchemaV1>(
  schema: S,
): PTransform<PCollection<unknown>, PCollection<StandardSchemaV1.InferOutput<S>>> {
  requireSchema(schema);
  const label = `WithSchema(${schema['~standard'].vendor})`;
  const check = (element: unknown) => {
    const result = schema['~standard'].validate(element);
    return result instanceof Promise
      ? result.then((settled) => rowOf<S>(settled, element, label))
      : rowOf<S>(result, element, label);
  };
  return {
    name: label,
    expand: (input) => requirePCollection(input, label).map(check),
  };
}

function rowOf<S extends StandardSchemaV1>(
  result: StandardSchemaV1.Result<unknown>,
  element: unknown,
  transform: string,
): StandardSchemaV1.InferOutput<S> {
  if (result.issues === undefined) return result.value;
  throw new SchemaMismatchError({
    transform,
    issues: result.issues.map(issueText),
    element,
    elementText: elementText(element),
  });
}

/** "user.age: expected a number". */
function issueText({ message, path = [] }: StandardSchemaV1.Issue): string {
  const steps = path.map((step) => (typeof step === 'object' ? step.key : step));
  const field = steps
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : index === 0 ? String(step) : `.${String(step)}`,
    )
    .join('');
  return field === '' ? message : `${field}: ${message}`;
}

function requireSchema(schema: unknown): void {
  // arktype's schemas are functions.
  const isObject = (typeof schema === 'object' || typeof schema === 'function') && schema !== null;
  if (isObject && '~standard' in schema) return;
  throw new TypeError(
    `Cannot apply a schema as it must have the Standard Schema interface, as those of zod, valibot and arktype have: received ${describeValue(schema)}`,
  );
}
