import type { Row } from '../coders/row.ts';
import type { AtomicType, Schema } from '../model/schema.ts';

/** The fields of a row by name: each a type's text ("int64?"), the fields of a row in it, or another schema. */
export interface RowFields {
  readonly [name: string]: string | RowFields | Schema | { readonly schema: Schema };
}

/** The rows of `fields`, as TypeScript has them: `{ readonly age: number | bigint | null }` of `{ age: 'int64?' }`. */
export type RowOf<F> = { readonly [Name in keyof F]: FieldOf<F[Name]> };

type FieldOf<G> = G extends string
  ? ValueOf<G>
  : G extends { readonly '~standard': { readonly types?: { readonly output: infer R } | undefined } }
    ? R
    : G extends Schema
      ? Row
      : G extends object
        ? RowOf<G>
        : unknown;

/** `fields`, with what is no text of a type in other words: what TypeScript then says of it. */
export type KnownTexts<F> = {
  readonly [Name in keyof F]: F[Name] extends string
    ? [ValueOf<F[Name]>] extends [never]
      ? 'a type of Beam, like "string", "int64?" or "array<string>"'
      : F[Name]
    : F[Name];
};

/** The values of a type's text; never, if it is none. */
export type ValueOf<T extends string> = string extends T
  ? unknown
  : // Names in quotes may hold anything that ends a name.
    T extends `${string}"${string}`
    ? unknown
    : T extends `${infer Inner}?`
      ? NonNullValueOf<Trim<Inner>> | null
      : NonNullValueOf<Trim<T>>;

type NonNullValueOf<T extends string> = T extends keyof Plain
  ? Plain[T]
  : T extends `${infer Name}(${number})`
    ? Name extends keyof Sized
      ? Sized[Name]
      : never
    : T extends `array<${infer Element}>` | `iterable<${infer Element}>`
      ? ArrayOf<ValueOf<Trim<Element>>>
      : T extends `map<${infer Parts}>`
        ? MapOf<Split<Parts>>
        : T extends `row<${infer Parts}>`
          ? FieldsOf<Split<Parts>>
          : never;

interface Plain extends Record<Exclude<AtomicType, 'int64' | 'string' | 'boolean' | 'bytes'>, number> {
  readonly int64: number | bigint;
  readonly string: string;
  readonly boolean: boolean;
  readonly bytes: Uint8Array;
  readonly millis_instant: Date;
  readonly micros_instant: { readonly seconds: number | bigint; readonly micros: number };
  readonly decimal: string;
  readonly date: string;
  readonly time: string;
  readonly datetime: string;
  readonly python_callable: string;
}

/** The types that have a number in brackets. */
interface Sized {
  readonly timestamp: { readonly seconds: number | bigint; readonly subseconds: number };
  readonly fixed_bytes: Uint8Array;
  readonly var_bytes: Uint8Array;
  readonly fixed_char: string;
  readonly var_char: string;
}

type ArrayOf<Value> = [Value] extends [never] ? never : readonly Value[];

type MapOf<Parts extends readonly string[]> = Parts extends readonly [
  infer Key extends string,
  infer Value extends string,
]
  ? [ValueOf<Key>] extends [never]
    ? never
    : [ValueOf<Value>] extends [never]
      ? never
      : ReadonlyMap<ValueOf<Key>, ValueOf<Value>>
  : never;

/** Of "name: string", "age: int64?". */
type FieldsOf<Parts extends readonly string[]> = {
  readonly [Part in Parts[number] as NameIn<Part>]: Part extends `${string}:${infer Text}`
    ? ValueOf<Trim<Text>>
    : never;
};

type NameIn<Part extends string> = Part extends `${infer Name}:${string}` ? Trim<Name> : never;

/** The parts between commas that are in no angle brackets. */
type Split<
  Text extends string,
  Depth extends readonly unknown[] = [],
  Part extends string = '',
  Parts extends readonly string[] = [],
> = Text extends `${infer Letter}${infer Rest}`
  ? Letter extends ','
    ? Depth extends []
      ? Split<Rest, Depth, '', [...Parts, Trim<Part>]>
      : Split<Rest, Depth, `${Part},`, Parts>
    : Split<Rest, Nested<Letter, Depth>, `${Part}${Letter}`, Parts>
  : Trim<Part> extends ''
    ? Parts
    : [...Parts, Trim<Part>];

type Nested<Letter extends string, Depth extends readonly unknown[]> = Letter extends '<'
  ? [...Depth, unknown]
  : Letter extends '>'
    ? Depth extends [unknown, ...infer Outer]
      ? Outer
      : Depth
    : Depth;

type Trim<Text extends string> = Text extends ` ${infer Rest}` | `${infer Rest} ` ? Trim<Rest> : Text;
