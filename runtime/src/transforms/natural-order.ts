/** What has an order of its own: `<` compares it. */
export type Ordered = number | bigint | string | boolean | Date;

/**
 * Compares two values as `<` does: negative, zero or positive.
 *
 * NaN and invalid dates come before all else, so that the order is total. Strings compare by UTF-16 code units.
 */
export function naturalOrder(a: Ordered, b: Ordered): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(isNaN(b)) - Number(isNaN(a));
}

function isNaN(value: Ordered): boolean {
  return value instanceof Date ? Number.isNaN(value.getTime()) : Number.isNaN(value);
}
