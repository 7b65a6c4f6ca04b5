import { homedir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { MemoryOptions } from '../engine/memory/run-memory.ts';
import type { Duration } from '../windowing/duration.ts';

/** What the interactive runner lets its user set; the names are Interactive Beam's. */
export interface InteractiveOptions {
  /** Folder of the cache; made when first written to. A new value counts from the next request on. */
  cacheRoot: string;
  /** Bytes that the cache may take on disk; the least recently used entries go first. */
  cacheSizeLimit: number;
  /** False computes everything anew, and writes nothing to the cache. */
  enableCaching: boolean;
  /** Rows that a view looks at for its statistics and its chart; more are counted, not looked at. */
  viewRowLimit: number;
  /** For how long a view or `collect` reads what need not end, unless it is told its own `duration`. */
  recordingDuration: Duration;
  /**
   * Bytes that groups, state and side inputs of a run may hold in memory; what is beyond is spilled to a folder of the cache.
   * No more than half of what V8's heap may take is used, whatever this says (node --max-old-space-size raises that).
   */
  memoryBudget: number;
}

/** The defaults, from the environment: MILLRACE_CACHE, else the platform's folder for caches. */
export function defaultOptions(env: Readonly<NodeJS.ProcessEnv> = process.env): InteractiveOptions {
  return {
    cacheRoot: env.MILLRACE_CACHE ?? join(platformCacheFolder(env), 'millrace'),
    cacheSizeLimit: 10 * 2 ** 30,
    enableCaching: true,
    viewRowLimit: 100_000,
    recordingDuration: { seconds: 60 },
    memoryBudget: Math.floor(totalmem() / 4),
  };
}

/** What runs are told of memory. */
export function memoryOptions({ cacheRoot, memoryBudget }: InteractiveOptions): MemoryOptions {
  return { memoryBudget, spillFolder: join(cacheRoot, 'spill') };
}

function platformCacheFolder(env: Readonly<NodeJS.ProcessEnv>): string {
  if (env.XDG_CACHE_HOME !== undefined && env.XDG_CACHE_HOME !== '') return env.XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}
