import { LRUCache } from 'lru-cache';
import { KeyIdentity } from '../../coders/key-identity.ts';
import { durationMs, type Duration } from '../../windowing/duration.ts';
import { requireOptions } from '../require-options.ts';
import type { RequestCache } from './caller.ts';

/** How much an in-memory cache keeps. */
export interface InMemoryCacheOptions {
  /** Responses that it keeps, those used last; 10,000 unless told otherwise. */
  readonly maxEntries?: number;
  /** How long it keeps one; as long as there is room, unless told otherwise. */
  readonly timeToLive?: Duration;
}

/**
 * Remembers the responses used last, in the memory of each worker, for as long as its step runs there.
 *
 * Requests are equal as keys are: by value, whatever the order of their properties.
 *
 * @throws {RangeError} for a number of entries or a time that is none. @throws {NonDeterministicKeyError} when it runs, for a request
 *   that cannot be a key.
 */
export function inMemoryCache<Req, Res extends object | string | number | boolean | bigint | null>(
  options: InMemoryCacheOptions = {},
): RequestCache<Req, Res> {
  const action = 'cache responses';
  const { maxEntries = 10_000, timeToLive } = requireOptions(options, action, ['maxEntries', 'timeToLive']);
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new RangeError(
      `Cannot ${action} as maxEntries must be a whole number, 1 or more: received ${String(maxEntries)}`,
    );
  }
  const ttl =
    timeToLive === undefined ? 0 : durationMs(timeToLive, { action: `${action} as timeToLive`, least: 1 });
  return new InMemoryCache<Req, Res>({ max: maxEntries, ttl });
}

type Key = string | number | bigint | boolean;

class InMemoryCache<Req, Res> implements RequestCache<Req, Res> {
  readonly #options: { readonly max: number; readonly ttl: number };
  /** Of a worker, and made there. A response may be null, which an LRUCache has no room for. */
  #entries: LRUCache<Key, { readonly response: Res }> | undefined;
  #keys: KeyIdentity | undefined;

  constructor(options: { readonly max: number; readonly ttl: number }) {
    this.#options = options;
  }

  setup(): void {
    this.#entries = new LRUCache(this.#options);
    this.#keys = new KeyIdentity('RequestResponse');
  }

  get(request: Req): Res | undefined {
    return this.#entries?.get(this.#keyOf(request))?.response;
  }

  set(request: Req, response: Res): void {
    if (response !== undefined) this.#entries?.set(this.#keyOf(request), { response });
  }

  teardown(): void {
    this.#entries = undefined;
  }

  #keyOf(request: Req): Key {
    // Strings have a letter before them there.
    return (this.#keys?.of(request) as Key | null | undefined) ?? String(request); // a primitive or a text
  }
}
