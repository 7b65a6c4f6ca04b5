import type { KV } from '../model/kv.ts';
import { PCollection } from '../model/pcollection.ts';
import { P } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import { describeValue } from '../model/describe-value.ts';
import { flatten } from './flatten.ts';
import { groupByKey } from './group-by-key.ts';

/** Several PCollections of { key, value }, by name. */
export type KeyedInputs = Readonly<Record<string, PCollection<KV<unknown, unknown>>>>;

/** The keys of all inputs. */
export type KeyOf<I> = I[keyof I] extends PCollection<KV<infer K, unknown>> ? K : never;

/** The values that each input has for one key, by the input's name; an empty array where it has none. */
export type CoGroups<I> = {
  readonly [Name in keyof I]: I[Name] extends PCollection<KV<unknown, infer V>> ? readonly V[] : never;
};

/**
 * Brings the values of each key (and window) in several PCollections together: `P({ users, orders }).apply(coGroupByKey())`
 * gives `{ key, value: { users: […], orders: […] } }` for each key that any of them has.
 *
 * Keys compare as in groupByKey. The values of one key are in memory, as arrays, when its turn comes; they are in no order.
 *
 * @throws {TypeError} if the input is no object of PCollections. @throws {PipelineError} if they are in windows of different
 *   kinds. @throws {NonDeterministicKeyError} when it runs, for a key without a deterministic encoding.
 * @see https://beam.apache.org/documentation/programming-guide/#cogroupbykey
 */
export function coGroupByKey<I extends KeyedInputs>(): PTransform<I, PCollection<KV<KeyOf<I>, CoGroups<I>>>> {
  return {
    name: 'CoGroupByKey',
    expand(inputs) {
      const named = Object.entries(requireInputs(inputs));
      const names = named.map(([name]) => name);
      const tagged = named.map(([, input], index) =>
        input.map(function tag({ key, value }: KV<unknown, unknown>) {
          return { key, value: { input: index, value } };
        }),
      );
      return P(tagged)
        .apply(flatten())
        .apply(groupByKey())
        .map(({ key, value }) => ({ key, value: sortOut(value, names) })) as unknown as PCollection<
        KV<KeyOf<I>, CoGroups<I>> // the names and values are those of the inputs
      >;
    },
  };
}

interface Tagged {
  /** Its place among the inputs. */
  readonly input: number;
  readonly value: unknown;
}

function sortOut(values: Iterable<Tagged>, names: readonly string[]): Record<string, unknown[]> {
  const groups: unknown[][] = names.map(() => []);
  for (const { input, value } of values) groups[input]?.push(value);
  // fromEntries, and not assignments, as an input may be named "__proto__".
  return Object.fromEntries(names.map((name, index) => [name, groups[index] ?? []]));
}

function requireInputs(inputs: KeyedInputs): KeyedInputs {
  const received: unknown = inputs; // the types do not hold in plain JavaScript
  const isNamed = typeof received === 'object' && received !== null && !Array.isArray(received);
  const parts = isNamed && !(received instanceof PCollection) ? Object.values(received) : [];
  if (parts.length > 0 && parts.every((part) => part instanceof PCollection)) return inputs;
  throw new TypeError(
    `Cannot apply "CoGroupByKey" as it takes several PCollections by name: received ${describeValue(received)}; ` +
      'use P({ users, orders }).apply(coGroupByKey())',
  );
}
