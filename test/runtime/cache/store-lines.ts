// A program: `node store-lines.mjs DIRECTORY`. For each line "FINGERPRINT COUNT" that it is given it stores so many elements, reads
// them again, and answers with the fingerprint, or with what is wrong.
import { createInterface } from 'node:readline';

import { CacheManager } from '../../../runtime/src/cache/cache-manager.ts';
import { isEntryOf, numbered, store } from './entry-elements.ts';

const [directory = ''] = process.argv.slice(2);
const cache = new CacheManager({
  directory,
  sizeLimit: 1e9,
  onNotice: (notice) => console.log(`notice: ${notice}`),
});

for await (const line of createInterface({ input: process.stdin })) {
  const [fingerprint = '', count = ''] = line.split(' ');
  await store(cache, fingerprint, numbered(fingerprint, Number(count)));
  const isRight = await isEntryOf(await cache.lookup(fingerprint), numbered(fingerprint, Number(count)));
  console.log(isRight ? fingerprint : `wrong elements of ${fingerprint}`);
}
