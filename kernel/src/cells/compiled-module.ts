import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';

/** A file that no process has used for so long is of an old version, and goes. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;
const DIGEST_BYTES = 32;

/** A CommonJS module that was loaded by `loadCompiled`. */
export interface CompiledModule {
  readonly exports: unknown;
  /** True if what an earlier process had compiled was used. */
  readonly isWarm: boolean;
  /**
   * Keeps what V8 has compiled so far for the next process, unless this one got it from there; takes some 50 ms for
   * TypeScript. A folder that cannot be written changes nothing.
   */
  keep(): void;
}

/**
 * Loads a large CommonJS module with the code that an earlier process compiled from the same file.
 *
 * Node's `import` of TypeScript reads its 9 MB three times, for the format, the names of its exports and the program,
 * and compiles it: 600 ms on a machine where this takes 100. From Node 22.1 on `module.enableCompileCache` would
 * save a part of that, in the main thread.
 *
 * @param file Absolute.
 * @param folder Where compiled code is kept.
 */
export function loadCompiled(file: string, folder: string): CompiledModule {
  const kept = path.join(folder, keptName(file));
  const cachedData = readKept(kept);
  const source = readFileSync(file, 'utf8');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) { ${source}\n})`, {
    filename: file,
    ...(cachedData !== undefined && { cachedData }),
  });
  const isWarm = cachedData !== undefined && script.cachedDataRejected === false;
  const run = script.runInThisContext() as (...values: unknown[]) => void; // the wrapper above
  const module: { exports: unknown } = { exports: {} };
  run(module.exports, createRequire(file), module, file, path.dirname(file));
  let isKept = isWarm;
  return {
    exports: module.exports,
    isWarm,
    keep: () => {
      if (!isKept) writeKept(kept, script.createCachedData());
      isKept = true;
    },
  };
}

/** The folder of this user and platform for compiled code. */
export function compiledCodeFolder(env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const folder = 'millrace-compiled';
  if (env.XDG_CACHE_HOME !== undefined && env.XDG_CACHE_HOME !== '')
    return path.join(env.XDG_CACHE_HOME, folder);
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', folder);
  if (process.platform === 'win32' && env.LOCALAPPDATA !== undefined)
    return path.join(env.LOCALAPPDATA, folder);
  return path.join(homedir(), '.cache', folder);
}

/** Names the file and its version, and what V8 would refuse the code for: its own version, and its options. */
function keptName(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const { versions, arch, execArgv, env } = process;
  const version = JSON.stringify([file, size, mtimeMs, versions.v8, arch, execArgv, env.NODE_OPTIONS]);
  const digest = createHash('sha256').update(version).digest('hex').slice(0, 16);
  return `${path.basename(file, '.js')}-${digest}.bin`;
}

/** V8 trusts what it is given: a file that a crash left damaged must not get there. */
function readKept(kept: string): Buffer | undefined {
  try {
    const bytes = readFileSync(kept);
    const data = bytes.subarray(DIGEST_BYTES);
    if (!digestOf(data).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
    const now = new Date();
    utimesSync(kept, now, now);
    return data;
  } catch {
    return undefined; // there is none yet
  }
}

function writeKept(kept: string, data: Buffer): void {
  const folder = path.dirname(kept);
  const temporary = `${kept}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return; // no process can keep anything here
  }
  try {
    writeFileSync(temporary, Buffer.concat([digestOf(data), data]), { mode: 0o600 });
    renameSync(temporary, kept);
    for (const name of readdirSync(folder)) {
      const file = path.join(folder, name);
      if (Date.now() - statSync(file).mtimeMs > UNUSED_MS) rmSync(file, { force: true });
    }
  } catch {
    // The next process compiles once more.
    rmSync(temporary, { force: true });
  }
}

function digestOf(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}
