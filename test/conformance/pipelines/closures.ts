import { tokenizer } from 'acorn';
import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { INPUTS } from '../inputs.ts';

/** Prices in another currency; what it knows is private. */
class Currency {
  static readonly base = 4;
  readonly #rate: number;

  constructor(rate: number) {
    this.#rate = rate;
  }

  convert(price: number): number {
    return (price * this.#rate) / Currency.base;
  }
}

class Rounded extends Currency {
  override convert(price: number): number {
    return Math.round(super.convert(price));
  }
}

const isEven = (n: number): boolean => n === 0 || isOdd(n - 1);
const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1);

export const CLOSURES: readonly ConformanceCase[] = [
  {
    name: 'closures: classes, private fields, Maps, regexes and recursion',
    build: (p) => {
      const rounded = new Rounded(6);
      const discounts = new Map([
        ['ada', 0.5],
        ['bo', 0.25],
      ]);
      const vowels = /[aeiou]/g;
      const named = new Set(INPUTS.users.filter((user) => user.trim() !== ''));
      return {
        out: p
          .apply(beam.create(INPUTS.orders))
          .filter(({ id, user }) => isEven(id % 50) && named.has(user))
          .map(({ id, user, item, price }) => ({
            id,
            price: rounded.convert(price * (1 - (discounts.get(user) ?? 0))),
            item: item.replace(vowels, '*'),
          })),
      };
    },
  },
  {
    name: 'closures: a package of npm',
    build: (p) => ({
      out: p
        .apply(beam.create(['a + b', 'let x = 1 ;', 'f ( x , y ) => x', '']))
        .map((code) => ({ code, tokens: [...tokenizer(code, { ecmaVersion: 2022 })].length })),
    }),
  },
  {
    name: 'several shuffles in a row',
    build: (p) => ({
      out: p
        .apply(beam.create(INPUTS.orders))
        .map(({ user, item, price }) => ({ key: { user, item }, value: price }))
        .apply(beam.combinePerKey(beam.sum()))
        .map(({ key, value }) => ({ key: key.user, value: { item: key.item, spent: value } }))
        .apply(beam.groupByKey())
        .map(({ key, value }) => {
          const items = [...value].sort((a, b) => b.spent - a.spent || (a.item < b.item ? -1 : 1));
          return { key: items.length, value: { user: key, most: items[0] } };
        })
        .apply(beam.groupByKey())
        .map(({ key, value }) => ({
          items: key,
          users: [...value].map(({ user }) => user).sort(),
          spent: [...value].reduce((sum, { most }) => sum + (most?.spent ?? 0), 0),
        })),
    }),
  },
];
