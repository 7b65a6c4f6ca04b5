import { areEqualValues, valueText } from '../coders/value-text.ts';
import type { KV } from '../model/kv.ts';
import { judgeGroups, type ReceivedGroup } from './judge-groups.ts';
import type { Reified } from '../transforms/reify.ts';
import type { Matcher, Mismatch } from './matcher.ts';
import { elementsLine, elementText } from './report.ts';

/** Something for each key, by name; for keys that are strings. */
export type PerName<V> = Readonly<Record<string, V>>;

/** Something for each key, of any type. */
export type PerKey<K, V> = ReadonlyMap<K, V> | readonly (readonly [K, V])[];

/**
 * Expects each key once, with this value, and no other keys: `equalToPerKey({ whale: 3, sea: 1 })`. A Map, or pairs, serve
 * for keys that are no strings. For keys with several values see matchesPerKey.
 */
export function equalToPerKey<V>(expected: PerName<V>): Matcher<KV<string, V>>;
export function equalToPerKey<K, V>(expected: PerKey<K, V>): Matcher<KV<K, V>>;
export function equalToPerKey(expected: Expected<unknown>): Matcher<KV<unknown, unknown>> {
  const matchers = entriesOf(expected).map(([key, value]) => [key, onlyValue(value)] as const);
  return perKey('equalToPerKey', matchers);
}

/** Expects the values of each key to match, and no other keys: `matchesPerKey({ a: containsInAnyOrder([1, 2]) })`. */
export function matchesPerKey<V>(expected: PerName<Matcher<V>>): Matcher<KV<string, V>>;
export function matchesPerKey<K, V>(expected: PerKey<K, Matcher<V>>): Matcher<KV<K, V>>;
export function matchesPerKey(expected: Expected<Matcher<unknown>>): Matcher<KV<unknown, unknown>> {
  return perKey('matchesPerKey', entriesOf(expected));
}

type Expected<V> = PerName<V> | PerKey<unknown, V>;

function perKey<K, V>(name: string, matchers: readonly (readonly [K, Matcher<V>])[]): Matcher<KV<K, V>> {
  return {
    name,
    judge: (elements) => {
      const expected = matchers.map(([key, matcher]) => ({ ...keyGroup(key), matcher }));
      const received = new Map<string, ReceivedGroup<V>>();
      for (const element of elements) {
        if (!isKV(element.value)) return notKV(name, element.value);
        const { key, value } = element.value;
        const { id, title } = keyGroup(key);
        const group = received.get(id) ?? { title, elements: [] };
        group.elements.push({ ...element, value });
        received.set(id, group);
      }
      return judgeGroups({ expected, received }, { name, noun: 'key' });
    },
  };
}

/** Expects one value, this one. */
function onlyValue<V>(expected: V): Matcher<V> {
  return {
    name: 'equalTo',
    judge: (elements: readonly Reified<V>[]) => {
      const values = elements.map(({ value }) => value);
      if (values.length === 1 && areEqualValues(expected, values[0])) return undefined;
      const received =
        values.length === 1
          ? elementText(values[0])
          : values.length === 0
            ? 'nothing'
            : `${values.length} values`;
      return {
        summary: `expected ${elementText(expected)}, received ${received}`,
        lines: values.length > 1 ? elementsLine('received', values) : [],
      };
    },
  };
}

function entriesOf<V>(expected: Expected<V>): readonly (readonly [unknown, V])[] {
  if (expected instanceof Map) return [...(expected as ReadonlyMap<unknown, V>)];
  if (Array.isArray(expected)) return expected as readonly (readonly [unknown, V])[]; // as PerKey says
  return Object.entries(expected as PerName<V>); // it is none of the others
}

function keyGroup(key: unknown): { readonly id: string; readonly title: string } {
  const text = elementText(key);
  return { id: valueText(key) ?? text, title: `key ${text}` };
}

function isKV(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value;
}

function notKV(name: string, value: unknown): Mismatch {
  return {
    summary: `${name} expects elements with a key and a value, received another one`,
    lines: elementsLine('received', [value]),
  };
}
