import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { SchemaMismatchError } from '../../../runtime/src/errors.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const rows = [
  { user: { name: 'ada', age: 36 }, tags: ['a'] },
  { user: { name: 'bo', age: 7 }, tags: [] },
];
const bad = { user: { name: 'cleo', age: 'old' }, tags: ['x', 3] };

const SCHEMAS = {
  zod: z.object({ user: z.object({ name: z.string(), age: z.number() }), tags: z.array(z.string()) }),
  valibot: v.object({
    user: v.object({ name: v.string(), age: v.number() }),
    tags: v.array(v.string()),
  }),
  arktype: type({ user: { name: 'string', age: 'number' }, tags: 'string[]' }),
};

const create = (elements: readonly unknown[]) => beam.pipeline().apply(beam.create(elements));

describe.each(Object.entries(SCHEMAS))('withSchema() with a schema of %s', (vendor, schema) => {
  test('lets rows pass that match it', async () => {
    expect((await collect(create(rows).apply(beam.withSchema(schema)))).values).toEqual(rows);
  });

  test('names the transform, the fields and the element of one that does not', async () => {
    const error: unknown = await collect(create([bad]).apply(beam.withSchema(schema))).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SchemaMismatchError);
    const { message, transform, issues, element } = error as SchemaMismatchError; // checked above
    expect(transform).toBe(`WithSchema(${vendor})`);
    expect(issues.map((issue) => issue.split(':')[0]).sort()).toEqual(['tags[1]', 'user.age']);
    expect(message).toContain(JSON.stringify(bad));
    expect(element).toEqual(bad);
  });
});

test('withSchema() gives what the validator makes of an element, with its type', async () => {
  const schema = z.object({ at: z.string().transform((text) => new Date(text)), n: z.number().default(1) });
  const typed = create([{ at: '2026-01-01T00:00:00Z', other: true }]).apply(beam.withSchema(schema));
  expectTypeOf(typed).toEqualTypeOf<PCollection<{ at: Date; n: number }>>();
  expect((await collect(typed)).values).toEqual([{ at: new Date(Date.UTC(2026, 0, 1)), n: 1 }]);
});

test('withSchema() waits for a validator that is asynchronous', async () => {
  const schema = z.number().refine((n) => Promise.resolve(n > 1), { error: 'too small' });
  expect((await collect(create([2, 3]).apply(beam.withSchema(schema)))).values).toEqual([2, 3]);
  await expect(collect(create([2, 1]).apply(beam.withSchema(schema)))).rejects.toThrow(
    'as it must match the schema: too small; received the number 1',
  );
});

test('withSchema() shortens a large element, and tells one that JSON cannot hold', async () => {
  const schema = z.object({ a: z.string() });
  await expect(
    collect(create([{ a: 1, b: 'x'.repeat(1000) }]).apply(beam.withSchema(schema))),
  ).rejects.toThrow(/received \{"a":1,"b":"x+…$/);
  await expect(collect(create([{ a: 1n }]).apply(beam.withSchema(schema)))).rejects.toThrow(
    /received an object with a$/,
  );
});

test('withSchema() refuses what is no schema', () => {
  expect(() => beam.withSchema({ a: 'string' } as never)).toThrow(
    'Cannot apply a schema as it must have the Standard Schema interface',
  );
});
