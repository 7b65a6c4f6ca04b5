import { isParDoParam, type Counter, type ParDoParam } from '../model/par-do-param.ts';

/** Counters of one run, by full transform name and their own. */
export class Counters {
  readonly #values = new Map<string, Map<string, number>>();

  /** The counter `name` of `transform`; the same one each time it is asked for. It is 0 until incremented. */
  counter(transform: string, name: string): Counter {
    const values = this.#values.get(transform) ?? new Map<string, number>();
    this.#values.set(transform, values);
    values.set(name, values.get(name) ?? 0);
    return {
      increment(amount = 1) {
        values.set(name, (values.get(name) ?? 0) + amount);
      },
    };
  }

  toJSON(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      Array.from(this.#values, ([transform, values]) => [transform, Object.fromEntries(values)]),
    );
  }
}

/** Replaces the counters that a context asks for; all else is as it was given. */
export function bindCounters(context: object, transform: string, counters: Counters): object {
  const requests = Object.entries(context).filter((entry) => isCounter(entry[1]));
  if (requests.length === 0) return context;
  // A prototype is an object or null, and what is made of it is an object.
  const prototype = Object.getPrototypeOf(context) as object | null;
  const bound = Object.create(prototype, Object.getOwnPropertyDescriptors(context)) as object;
  for (const [property, request] of requests) {
    if (!isCounter(request)) continue;
    const value = counters.counter(transform, request.name);
    Object.defineProperty(bound, property, { value, enumerable: true });
  }
  return bound;
}

function isCounter(value: unknown): value is ParDoParam<Counter> {
  return isParDoParam(value) && value.paramKind === 'counter';
}
