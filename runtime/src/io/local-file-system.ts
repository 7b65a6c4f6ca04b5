import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { errorCode } from './file-error.ts';
import { matchFiles } from './file-pattern.ts';
import type { FileSystem } from './file-system.ts';
import { localBytes } from './local-bytes.ts';

/** Files of this machine; errors are those of Node. */
export const LOCAL_FILE_SYSTEM: FileSystem = Object.freeze({
  async match(pattern: string) {
    const files = await matchFiles([pattern]);
    return files.map(({ path, size, mtimeNs }) => ({ path, size, version: `changed ${mtimeNs}` }));
  },
  read(file: string, { from, to }: { readonly from?: number; readonly to?: number } = {}) {
    return localBytes(file, { from, to });
  },
  async write(
    file: string,
    chunks: AsyncIterable<Uint8Array>,
    { signal }: { readonly signal?: AbortSignal } = {},
  ) {
    await mkdir(path.dirname(file), { recursive: true });
    await pipeline(chunks, createWriteStream(file, { flags: 'wx' }), signal === undefined ? {} : { signal });
  },
  async list(folder: string) {
    try {
      return await readdir(folder);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  },
  rename: (from: string, to: string) => rename(from, to),
  remove: (file: string) => rm(file, { force: true }),
});
