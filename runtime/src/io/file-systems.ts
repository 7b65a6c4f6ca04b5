import { FileError } from './file-error.ts';
import type { FileSystem } from './file-system.ts';
import { LOCAL_FILE_SYSTEM } from './local-file-system.ts';

const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;
/**
 * What the user registered in this process. A transform takes what it needs when it is made, and ships with that: no worker
 * looks here.
 */
const REGISTERED = new Map<string, FileSystem>();

/**
 * Has paths with a scheme read and written by `fileSystem`: `beam.io.registerFileSystem('mem', fs)`, then
 * `beam.io.readFromText('mem://folder/*.txt')`. It holds for transforms that are made from then on; a scheme that is registered
 * again has the new file system.
 *
 * @throws {TypeError} for a scheme that is none, or "file". @see Beam's FileSystems
 */
export function registerFileSystem(scheme: string, fileSystem: FileSystem): void {
  if (!SCHEME.test(`${scheme}://`) || scheme.toLowerCase() === 'file') {
    throw new TypeError(
      `Cannot register a file system as its scheme must be letters and digits, at least two, and not "file": received "${scheme}"`,
    );
  }
  for (const method of ['match', 'read', 'write', 'list', 'rename', 'remove'] as const) {
    // The types do not hold in plain JavaScript.
    if (typeof (fileSystem as Partial<FileSystem> | undefined)?.[method] === 'function') continue;
    throw new TypeError(
      `Cannot register a file system for "${scheme}" as it must have the method ${method}: received none`,
    );
  }
  REGISTERED.set(scheme.toLowerCase(), fileSystem);
}

/** File systems by scheme, of the paths of one transform: plain data and the user's objects, which ship. */
export type FileSystems = Readonly<Record<string, FileSystem>>;

/** The registered file systems that paths need. Local ones are not among them, and neither are schemes that nobody registered. */
export function fileSystemsOf(paths: readonly string[]): FileSystems {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const scheme = schemeOf(path);
      const found = REGISTERED.get(scheme);
      return found === undefined ? [] : [[scheme, found]];
    }),
  );
}

/** The file system of a path; that of local files, which refuses other schemes, where none is registered. */
export function fileSystemOf(path: string, systems: FileSystems): FileSystem {
  const scheme = schemeOf(path);
  return Object.hasOwn(systems, scheme) ? (systems[scheme] ?? LOCAL_FILE_SYSTEM) : LOCAL_FILE_SYSTEM;
}

/** "mem", "file"; empty for a path. */
export function schemeOf(path: string): string {
  return SCHEME.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** @throws {FileError} if a registered file system has no file for a pattern. */
export function refuseNoMatch(pattern: string): never {
  throw new FileError(`Cannot read "${pattern}" as the pattern must match a file: received none`, {
    hint: `Look at what is there: the file system of "${schemeOf(pattern)}" found no file`,
  });
}
