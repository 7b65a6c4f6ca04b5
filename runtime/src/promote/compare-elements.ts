import { multisetDifference } from '../coders/multiset-difference.ts';
import { valueText } from '../coders/value-text.ts';
import { preview } from '../display/preview.ts';

/** How two results of one PCollection compare. */
export type Comparison =
  | { readonly kind: 'equal' }
  /** Equal, but for what no runner promises: the order within arrays, and the last digits of sums. */
  | { readonly kind: 'alike'; readonly note: string }
  | { readonly kind: 'different'; readonly lines: readonly string[] };

/** Elements that a difference shows, of each side. */
const SHOWN = 3;
/** Of each: a side is one line, as an error's message has three in a notebook. */
const SHOWN_CHARACTERS = 40;
/** Decimal digits in which sums of floating point numbers may be trusted, whatever their order. */
const DIGITS = 12;

/**
 * Compares two PCollections, which have no order: each element must be there as often.
 *
 * @returns a difference in a few lines, with elements that only one side has.
 */
export function compareElements(here: readonly unknown[], there: readonly unknown[]): Comparison {
  const strict = multisetDifference(here, there);
  if (strict.onlyLeft.length === 0 && strict.onlyRight.length === 0) return { kind: 'equal' };
  const loose = multisetDifference(strict.onlyLeft, strict.onlyRight, {
    textOf: (value) => valueText(withoutOrder(value)),
  });
  if (loose.onlyLeft.length === 0 && loose.onlyRight.length === 0) {
    return {
      kind: 'alike',
      note: 'equal, but for the order of values in arrays or the last digits of numbers, which no runner promises',
    };
  }
  return {
    kind: 'different',
    lines: [
      `${here.length} elements here, ${there.length} there`,
      ...sideLines('only here', loose.onlyLeft),
      ...sideLines('only there', loose.onlyRight),
    ],
  };
}

/** The value with its arrays sorted and its numbers rounded. */
function withoutOrder(value: unknown, around: readonly unknown[] = []): unknown {
  if (around.includes(value) && typeof value === 'object') return null; // a cycle: it is looked at already
  const inside = [...around, value];
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : value;
  if (Array.isArray(value)) {
    return value
      .map((item) => withoutOrder(item, inside))
      .map((item) => ({ item, text: valueText(item) ?? '' }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ item }) => item);
  }
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, part]) => [key, withoutOrder(part, inside)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return value;
}

function sideLines(title: string, values: readonly unknown[]): readonly string[] {
  if (values.length === 0) return [];
  const shown = values.slice(0, SHOWN).map((value) => preview(value, SHOWN_CHARACTERS));
  const more = values.length > SHOWN ? [`… ${values.length - SHOWN} more`] : [];
  return [`${title}: ${[...shown, ...more].join(', ')}`];
}
