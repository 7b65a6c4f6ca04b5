import * as beam from '../../../../runtime/src/index.ts';

/** Numbers stay small whole ones, so that sums are the same in any order. */
const LIMIT = 1000;
const COUNTS = 'millraceTestCounts';

/** Counts a call from outside of what the functions close over, so that the count is no part of a fingerprint. */
const count = (label: string) => {
  const counts = Reflect.get(globalThis, COUNTS) as Map<string, number>;
  counts.set(label, (counts.get(label) ?? 0) + 1);
};

/** Counts calls of the functions below, by label, from now on. */
export function countCalls(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  Reflect.set(globalThis, COUNTS, counts);
  return counts;
}

/** What a function closes over. */
interface Captured {
  readonly k: number;
  readonly helper: (x: number) => number;
}

/** A side input of numbers. */
export interface Looked {
  readonly lookup: () => readonly number[];
}

/** A function in one version of its code. Those of the same `code` differ in formatting and comments alone. */
interface Version<F> {
  readonly code: string;
  /** What a cache has to compare beside the code. */
  readonly captures: readonly (keyof Captured)[];
  readonly make: (captured: Captured) => F;
}

export const HELPERS: readonly ((x: number) => number)[] = [(x) => x + 1, (x) => x * 2, (x) => x];

export const MAPS: readonly Version<(x: number) => number | Promise<number>>[] = [
  {
    code: 'map 0',
    captures: ['k'],
    make: ({ k }) => {
      return (x) => {
        count('map 0');
        return (x + k) % LIMIT;
      };
    },
  },
  {
    code: 'map 0',
    captures: ['k'],
    make: ({ k }) => {
      // prettier-ignore
      return (x) => { /* as above */ count('map 0'); return (x+k) % LIMIT };
    },
  },
  {
    code: 'map 1',
    captures: ['k'],
    make: ({ k }) => {
      return (x) => {
        count('map 1');
        return (x * 3 + k) % LIMIT;
      };
    },
  },
  {
    code: 'map 2',
    captures: ['helper'],
    make: ({ helper }) => {
      return (x) => {
        count('map 2');
        return helper(x) % LIMIT;
      };
    },
  },
  {
    code: 'map 3',
    captures: ['helper', 'k'],
    make: ({ helper, k }) => {
      const twice = (x: number) => helper(helper(x) + k);
      return async (x) => {
        count('map 3');
        return await Promise.resolve(twice(x) % LIMIT);
      };
    },
  },
];

export const FILTERS: readonly Version<(x: number) => boolean>[] = [
  {
    code: 'filter 0',
    captures: ['k'],
    make: ({ k }) => {
      return (x) => {
        count('filter 0');
        return x % 5 !== k;
      };
    },
  },
  {
    code: 'filter 1',
    captures: ['helper'],
    make: ({ helper }) => {
      return (x) => {
        count('filter 1');
        return helper(x) % 3 !== 0;
      };
    },
  },
];

export const FLAT_MAPS: readonly Version<(x: number) => Iterable<number>>[] = [
  {
    code: 'flatMap 0',
    captures: ['k'],
    make: ({ k }) => {
      return (x) => {
        count('flatMap 0');
        return x % 2 === 0 ? [x, k] : [];
      };
    },
  },
  {
    code: 'flatMap 1',
    captures: ['k', 'helper'],
    make: ({ k, helper }) => {
      return function* (x) {
        count('flatMap 1');
        yield (x + k) % LIMIT;
        if (x % 3 === 0) yield helper(x) % LIMIT;
      };
    },
  },
  {
    // So many that what follows can be ended before it has seen all.
    code: 'flatMap 2',
    captures: ['k'],
    make: ({ k }) => {
      return (x) => {
        count('flatMap 2');
        return Array.from({ length: x % 4 === k ? 100 : 0 }, (_, i) => (x * 7 + i) % LIMIT);
      };
    },
  },
];

export const SPLITS: readonly Version<beam.DoFn<number, unknown>['process']>[] = [
  {
    code: 'split 0',
    captures: ['k'],
    make: ({ k }) => {
      return function* (x) {
        count('split 0');
        yield x % 5 < k ? x : new beam.TaggedOutput('other', x);
      };
    },
  },
  {
    code: 'split 1',
    captures: ['helper'],
    make: ({ helper }) => {
      return function* (x) {
        count('split 1');
        yield new beam.TaggedOutput('other', helper(x) % LIMIT);
        if (x % 2 === 1) yield x;
      };
    },
  },
];

export const SIDES: readonly Version<(x: number, side: Looked) => number>[] = [
  {
    code: 'side 0',
    captures: ['k'],
    make: ({ k }) => {
      return (x, side) => {
        count('side 0');
        return (x + k + side.lookup().length) % LIMIT;
      };
    },
  },
  {
    code: 'side 1',
    captures: ['helper'],
    make: ({ helper }) => {
      return (x, side) => {
        count('side 1');
        return side.lookup().reduce((sum, each) => sum + helper(each), x) % LIMIT;
      };
    },
  },
];

export const COMBINES: readonly Version<beam.CombineFn<number, number, number>>[] = [
  {
    code: 'combine 0',
    captures: ['k'],
    make: ({ k }) => ({
      createAccumulator: () => 0,
      addInput: (sum, x) => {
        count('combine 0');
        return sum + x + k;
      },
      mergeAccumulators: (sums) => sums.reduce((a, b) => a + b, 0),
      extractOutput: (sum) => sum % LIMIT,
    }),
  },
  {
    code: 'combine 1',
    captures: ['helper'],
    make: ({ helper }) => ({
      createAccumulator: () => 0,
      addInput: (most, x) => {
        count('combine 1');
        return Math.max(most, helper(x));
      },
      mergeAccumulators: (all) => Math.max(...all),
      extractOutput: (most) => most % LIMIT,
    }),
  },
];

export const parse = (line: string) => {
  count('parse');
  return Number(line);
};
export const stamp = (x: number) => {
  count('stamp');
  return x * 1000;
};
export const withKey = (modulus: number) => (x: number) => {
  count('withKey');
  return { key: x % modulus, value: x };
};
export const valueOf = ({ value }: { readonly value: number }) => {
  count('valueOf');
  return value;
};
export const total = ({ key, value }: { readonly key: number; readonly value: Iterable<number> }) => {
  count('total');
  return [...value].reduce((sum, x) => sum + x, key) % LIMIT;
};
