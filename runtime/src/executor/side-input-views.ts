import { KeyIndex } from '../coders/key-index.ts';
import { PipelineError } from '../errors.ts';
import type { KeyedView, SideInput } from '../model/side-input.ts';
import { windowId, type BoundedWindow } from '../model/window.ts';
import { requireKV } from './require-kv.ts';
import type { SideInputReader } from './side-input-reader.ts';

/** Main windows whose view is kept; one that is asked for again later is made again. */
const KEPT_WINDOWS = 100;

interface KeptView {
  readonly elements: Iterable<unknown>;
  readonly count: number;
  readonly value: unknown;
}

/** Makes of a side input's elements what its user asked for, once for each window. */
export class SideInputViews {
  readonly #request: SideInput<unknown>;
  readonly #reader: SideInputReader;
  readonly #transform: string;
  readonly #kept = new Map<string, KeptView>();

  /** @param transform Full name of the transform that asks, for errors. */
  constructor(request: SideInput<unknown>, reader: SideInputReader, transform: string) {
    this.#request = request;
    this.#reader = reader;
    this.#transform = transform;
  }

  /** What `lookup` gives for an element in a window. @throws {PipelineError} for a singleton that is none. */
  at(window: BoundedWindow): unknown {
    const elements = this.#reader.elements(window);
    if (this.#request.view === 'iterable') return elements;
    const id = windowId(window);
    const kept = this.#kept.get(id);
    // A trigger may add to the same array.
    const count = Array.isArray(elements) ? elements.length : 0;
    if (kept?.elements === elements && kept.count === count) return kept.value;
    this.#reader.requireInMemory?.(window, this.#transform);
    const value = this.#view(elements);
    if (this.#kept.size >= KEPT_WINDOWS) this.#kept.clear();
    this.#kept.set(id, { elements, count, value });
    return value;
  }

  #view(elements: Iterable<unknown>): unknown {
    switch (this.#request.view) {
      case 'singleton':
        return this.#singleton([...elements]);
      case 'iterable':
        return elements;
      case 'list':
        return Object.freeze([...elements]);
      case 'map':
        return this.#keyed(elements, (_, value) => value);
      case 'multimap':
        return this.#keyed(elements, (before: unknown[] | undefined = [], value) => {
          before.push(value);
          return before;
        });
    }
  }

  #singleton(elements: readonly unknown[]): unknown {
    const { fallback, name } = this.#request;
    const isTriggered = this.#reader.windowing.trigger.kind !== 'default';
    if (elements.length === 1 || (elements.length > 1 && isTriggered)) return elements.at(-1);
    if (elements.length === 0 && fallback !== undefined) return fallback.value;
    throw new PipelineError(
      `Cannot look up the side input "${name}" in "${this.#transform}" as there must be one element: received ${elements.length}`,
      {
        transform: this.#transform,
        hint:
          elements.length === 0
            ? 'Give a default: singletonSideInput(pcollection, defaultValue)'
            : 'Combine them first, or ask for all with iterableSideInput(pcollection)',
      },
    );
  }

  #keyed<V>(
    elements: Iterable<unknown>,
    add: (before: V | undefined, value: unknown) => V,
  ): KeyedView<unknown, V> {
    const index = new KeyIndex(this.#transform);
    const values: unknown[] = [];
    for (const element of elements) {
      const { key, value } = requireKV(element, this.#transform);
      const number = index.numberOf(key);
      values[number] = add(values[number] as V | undefined, value); // what add itself gave
    }
    return new KeyedElements(index, values as V[]); // the same
  }
}

/** Values by key. */
class KeyedElements<V> implements KeyedView<unknown, V> {
  readonly size: number;
  readonly #index: KeyIndex;
  readonly #values: readonly V[];

  constructor(index: KeyIndex, values: readonly V[]) {
    this.#index = index;
    this.#values = values;
    this.size = values.length;
  }

  get(key: unknown): V | undefined {
    const number = this.#index.find(key);
    return number === undefined ? undefined : this.#values[number];
  }

  has(key: unknown): boolean {
    return this.#index.find(key) !== undefined;
  }

  *keys(): IterableIterator<unknown> {
    for (let number = 0; number < this.size; number++) yield this.#index.at(number);
  }

  *[Symbol.iterator](): IterableIterator<readonly [unknown, V]> {
    for (const [number, value] of this.#values.entries()) yield [this.#index.at(number), value];
  }
}
