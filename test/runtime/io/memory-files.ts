import type { FileSystem } from '../../../runtime/src/io/file-system.ts';

/** Files in memory, by path, and the file system that has them. */
export function memoryFiles(): FileSystem & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    match(pattern) {
      const wanted = new RegExp(
        `^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`,
      );
      const found = [...files].filter(([path]) => wanted.test(path)).sort(([a], [b]) => (a < b ? -1 : 1));
      return Promise.resolve(
        found.map(([path, bytes]) => ({
          path,
          size: bytes.length,
          version: Buffer.from(bytes).toString('hex'),
        })),
      );
    },
    async *read(path, { from = 0, to } = {}) {
      await Promise.resolve();
      const bytes = files.get(path);
      if (bytes === undefined) throw new RangeError(`no ${path}`);
      yield bytes.subarray(from, to);
    },
    async write(path, chunks) {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
      files.set(path, Buffer.concat(parts));
    },
    list(folder) {
      const names = [...files.keys()].filter((path) => path.startsWith(folder));
      return Promise.resolve(
        names.map((path) => path.slice(folder.length)).filter((name) => !name.includes('/')),
      );
    },
    rename(from, to) {
      const bytes = files.get(from);
      if (bytes !== undefined) files.set(to, bytes);
      files.delete(from);
      return Promise.resolve();
    },
    remove(path) {
      files.delete(path);
      return Promise.resolve();
    },
  };
}
