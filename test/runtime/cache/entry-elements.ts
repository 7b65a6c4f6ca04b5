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

/** So that most of the time goes to writing. */
const PADDING = ' padded'.repeat(20);

/** Elements that tell whose they are, and where among them each is; made as they are asked for. */
export function* numbered(fingerprint: string, count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `${fingerprint} ${i}${PADDING}`;
}

/** True if an entry has these elements, in this order, and no others. */
export async function isEntryOf(entry: CacheEntry | undefined, elements: Iterator<string>): Promise<boolean> {
  let isRight = entry !== undefined;
  const receiver = (element: unknown) => {
    if (elements.next().value !== element) isRight = false;
  };
  await entry?.read(receiver, new AbortController().signal);
  return isRight && elements.next().done === true;
}
