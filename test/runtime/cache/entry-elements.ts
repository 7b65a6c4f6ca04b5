import type { CacheEntry, CacheManager } from '../../../runtime/src/cache/cache-manager.ts';
import { NO_FIRING } from '../../../runtime/src/model/pane-info.ts';
import { MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';
import { GLOBAL_WINDOWS } from '../../../runtime/src/model/window.ts';

/** Stores elements under a fingerprint, as `create` makes them. */
export async function store(
  cache: CacheManager,
  fingerprint: string,
  elements: Iterable<unknown>,
): Promise<CacheEntry> {
  const writer = await cache.create(fingerprint);
  for (const element of elements) void writer.add(element, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  return writer.commit({ name: 'Test', costMs: 1 });
}

/** All elements of an entry. */
export async function elementsOf(entry: CacheEntry | undefined): Promise<unknown[]> {
  const elements: unknown[] = [];
  await entry?.read((element) => void elements.push(element), new AbortController().signal);
  return elements;
}
