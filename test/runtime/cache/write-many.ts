// A program: `node write-many.mjs DIRECTORY LIMIT ROUNDS`. Stores entries, reads each again, and says so by a line.
import { CacheManager } from '../../../runtime/src/cache/cache-manager.ts';
import { DamagedEntryError } from '../../../runtime/src/cache/errors.ts';
import { elementsOf, store } from './entry-elements.ts';

const [directory = '', limit = '', rounds = ''] = process.argv.slice(2);
const cache = new CacheManager({
  directory,
  sizeLimit: Number(limit),
  onNotice: (notice) => {
    // An entry that the other process evicted between lookup and read is no damage.
    if (!notice.includes('evicted')) console.log(`notice: ${notice}`);
  },
});

for (let round = 0; round < Number(rounds); round++) {
  const fingerprint = `f${round % 8}`;
  const elements = Array.from({ length: 20_000 }, (_, i) => `${fingerprint} ${i}`);
  await store(cache, fingerprint, elements);
  const entry = await cache.lookup(fingerprint);
  try {
    const read = entry === undefined ? elements : await elementsOf(entry);
    if (read.length !== 20_000 || read.some((each, i) => each !== elements[i])) console.log('wrong elements');
  } catch (error) {
    if (!(error instanceof DamagedEntryError)) throw error;
  }
  console.log('stored');
}
