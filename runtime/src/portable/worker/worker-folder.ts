import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { nearestNodeModules } from './nearest-node-modules.ts';

/** Of workers' own folders; the process id follows. */
const PREFIX = `worker-${hostname()}-`;
/** Artifacts that no worker has used for so long are removed, in milliseconds. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** The folders of one worker. */
export interface WorkerFolder {
  /** Keeps artifacts by digest; shared with the workers of other jobs. */
  readonly cache: string;
  /** The job's artifacts by name. */
  readonly staged: string;
  /** Removes what is this worker's alone. */
  remove(): Promise<void>;
}

/**
 * Makes a worker's folders.
 *
 * The captured module finds its native packages as any module does: by a `node_modules` above it. That is a link.
 *
 * @throws {TypeError} if the shared folder belongs to someone else, who could put files of theirs there.
 */
export async function makeWorkerFolder(options: {
  /** Folder for all workers; one of the user's, in the system's temporary folder, by default. */
  readonly parent?: string | undefined;
  readonly nodeModules?: string | undefined;
}): Promise<WorkerFolder> {
  const root = options.parent === undefined ? ownTemporaryFolder() : path.join(options.parent, 'millrace');
  await mkdir(root, { recursive: true, mode: 0o700 });
  await mustBeOurs(root);
  await sweep(root);
  const own = await mkdtemp(path.join(root, `${PREFIX}${process.pid}-`));
  const staged = path.join(own, 'staged');
  await mkdir(staged);
  const modules = options.nodeModules ?? nearestNodeModules(process.cwd());
  if (modules !== undefined) await symlink(path.resolve(modules), path.join(own, 'node_modules'), 'junction');
  return {
    cache: path.join(root, 'artifacts'),
    staged,
    remove: () => rm(own, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Removes what killed workers of this machine left, and artifacts that nobody used for a week. */
async function sweep(root: string): Promise<void> {
  const names = await readdir(root);
  for (const name of names.filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!isAlive(pid)) await removeQuietly(path.join(root, name));
  }
  const cache = path.join(root, 'artifacts');
  for (const name of existsSync(cache) ? await readdir(cache) : []) {
    const file = path.join(cache, name);
    const { mtimeMs } = await lstat(file).catch(() => ({ mtimeMs: Infinity })); // another worker removed it
    if (Date.now() - mtimeMs > KEPT_MS) await removeQuietly(file);
  }
}

/** Another worker may be removing the same. */
async function removeQuietly(file: string): Promise<void> {
  await rm(file, { recursive: true, force: true }).catch(() => undefined);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function ownTemporaryFolder(): string {
  return path.join(tmpdir(), `millrace-workers-${userInfo().username}`);
}

async function mustBeOurs(folder: string): Promise<void> {
  const { uid } = await lstat(folder);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new TypeError(
      `Cannot keep artifacts in ${folder} as it must be this user's: received one of user ${uid}`,
    );
  }
  if (process.getuid !== undefined) await chmod(folder, 0o700);
}
