import { PipelineError } from '../errors.ts';
import type { LogicalType } from '../model/schema.ts';
import { dateText, epochDays, nanosOfDay, timeText } from './civil-time.ts';
import type { Coder } from './coder.ts';
import { DECIMAL_CODER } from './decimal.ts';
import { INSTANT_CODER } from './instant.ts';
import { MappedCoder } from './mapped.ts';
import { refuseValue } from './refuse-value.ts';

/** Makes the coder of a logical type from that of its representation. */
type Make = (type: LogicalType, representation: Coder) => Coder;

/** A value that is its own representation, if it is `what`; undefined gives it as it is, others in its place. */
function checked(
  what: (type: LogicalType) => string,
  check: (value: unknown, type: LogicalType) => unknown,
): Make {
  return (type, representation) =>
    new MappedCoder<unknown, unknown>(type.urn, {
      representation,
      represent(value) {
        const represented = check(value, type);
        if (represented === undefined) refuseValue(value, { coder: type.urn, what: what(type) });
        return represented;
      },
      restore: (value) => value,
    });
}

/** Text that stands for integers. */
function text<R>(
  what: string,
  parse: (value: unknown) => R | undefined,
  restore: (value: R) => string,
): Make {
  return (type, representation) =>
    new MappedCoder<unknown, R>(type.urn, {
      // The representation of these types is an integer, or a row of two.
      representation: representation as Coder<R>,
      represent: (value) => parse(value) ?? refuseValue(value, { coder: type.urn, what }),
      restore,
    });
}

/** Every logical type that we know, by its URN. */
const KNOWN: Readonly<Record<string, Make>> = {
  'beam:logical_type:millis_instant:v1': () => INSTANT_CODER,
  'beam:logical_type:micros_instant:v1': checked(
    () => '{ seconds, micros } with micros from 0 to 999999',
    (value) => (isPart(value, 'micros', 1e6) ? value : undefined),
  ),
  'beam:logical_type:timestamp:v1': checked(
    (type) => `{ seconds, subseconds } with subseconds from 0 to 1e${String(type.argument)} - 1`,
    (value, type) => (isPart(value, 'subseconds', 10 ** lengthOf(type)) ? value : undefined),
  ),
  'beam:logical_type:decimal:v1': () => DECIMAL_CODER,
  'beam:logical_type:fixed_decimal:v1': (_type, representation) => representation,
  'beam:logical_type:python_callable:v1': (_type, representation) => representation,
  'beam:logical_type:fixed_bytes:v1': checked(
    (type) => `a Uint8Array of at most ${lengthOf(type)} bytes`,
    (value, type) => padBytes(value, lengthOf(type)),
  ),
  'beam:logical_type:var_bytes:v1': checked(
    (type) => `a Uint8Array of at most ${lengthOf(type)} bytes`,
    (value, type) => (value instanceof Uint8Array && value.length <= lengthOf(type) ? value : undefined),
  ),
  'beam:logical_type:fixed_char:v1': checked(
    (type) => `a string of at most ${lengthOf(type)} characters`,
    (value, type) => {
      const missing = lengthOf(type) - characters(value);
      return missing >= 0 ? `${String(value)}${' '.repeat(missing)}` : undefined;
    },
  ),
  'beam:logical_type:var_char:v1': checked(
    (type) => `a string of at most ${lengthOf(type)} characters`,
    (value, type) => (characters(value) <= lengthOf(type) ? value : undefined),
  ),
  'beam:logical_type:date:v1': text('a day like "2020-08-13"', epochDays, dateText),
  'beam:logical_type:time:v1': text('a time of day like "14:05:07.250"', nanosOfDay, timeText),
  'beam:logical_type:datetime:v1': (type, representation) => {
    const { representation: row } = type;
    // Beam Java calls them "Date" and "Time".
    const [dayName = 'date', timeName = 'time'] =
      row.kind === 'row' ? row.schema.fields.map(({ name }) => name) : [];
    return text<Readonly<Record<string, number>>>(
      'a day and its time like "2020-08-13T14:05:07"',
      (value) => {
        const [day, timeOfDay] = typeof value === 'string' ? value.split('T') : [];
        const date = epochDays(day);
        const time = nanosOfDay(timeOfDay);
        return date === undefined || time === undefined ? undefined : { [dayName]: date, [timeName]: time };
      },
      ({ [dayName]: date = NaN, [timeName]: time = NaN }) => `${dateText(date)}T${timeText(time)}`,
    )(type, representation);
  },
};

/** The URNs of all logical types that rows of ours may have. */
export const KNOWN_LOGICAL_TYPES: readonly string[] = Object.keys(KNOWN);

/**
 * The coder of a logical type.
 *
 * Its JavaScript values: a Date (`millis_instant`); text as in ISO 8601 (`date`, `time`, `datetime`), of a decimal
 * number (`decimal`, `fixed_decimal`), or of Python (`python_callable`); strings and Uint8Arrays that are no longer
 * than the type's argument, the fixed ones padded when written; and for instants that a Date does not hold, what Beam
 * writes: `{ seconds, micros }` (`micros_instant`), `{ seconds, subseconds }` (`timestamp`).
 *
 * @param field Path to the field, for the error.
 * @throws {PipelineError} for a type that is not known, by its name.
 * @see schema.proto, LogicalTypes; Beam Python's typehints/schemas.py; Beam Java's SqlTypes
 */
export function logicalTypeCoder(type: LogicalType, representation: Coder, field: string): Coder {
  const make = Object.hasOwn(KNOWN, type.urn) ? KNOWN[type.urn] : undefined;
  if (make === undefined) {
    throw new PipelineError(
      `Cannot make rows with the field "${field}" as its logical type must be one that Millrace knows: received ${type.urn}`,
      { hint: `Give the field another type in the step that makes the rows: ${names()}` },
    );
  }
  return make(type, representation);
}

function names(): string {
  return KNOWN_LOGICAL_TYPES.map((urn) => urn.split(':')[2]).join(', ');
}

/** The length that an argument of the type says; of those without, the greatest. */
function lengthOf({ argument = 0x7fffffff }: LogicalType): number {
  return Number(argument);
}

/** How many Unicode characters a string has; Infinity for no string. */
function characters(value: unknown): number {
  return typeof value === 'string' ? Array.from(value).length : Infinity;
}

function padBytes(value: unknown, length: number): Uint8Array | undefined {
  if (!(value instanceof Uint8Array) || value.length > length) return undefined;
  if (value.length === length) return value;
  const padded = new Uint8Array(length);
  padded.set(value);
  return padded;
}

/** Whether it is an object whose property `name` is an integer from 0 to less than `end`. */
function isPart(value: unknown, name: string, end: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const part: unknown = Reflect.get(value, name);
  return Number.isInteger(part) && Number(part) >= 0 && Number(part) < end;
}
