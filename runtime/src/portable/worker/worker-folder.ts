import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

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
  readonly workerId: string;
  /** Folder for all workers; one of the user's, in the system's temporary folder, by default. */
  readonly parent?: string | undefined;
  readonly nodeModules?: string | undefined;
}): Promise<WorkerFolder> {
  const root = options.parent === undefined ? ownTemporaryFolder() : path.join(options.parent, 'millrace');
  await mkdir(root, { recursive: true, mode: 0o700 });
  await mustBeOurs(root);
  const name = createHash('sha256').update(options.workerId).digest('hex').slice(0, 8);
  const own = await mkdtemp(path.join(root, `worker-${name}-`));
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

function nearestNodeModules(folder: string): string | undefined {
  const candidate = path.join(folder, 'node_modules');
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : nearestNodeModules(parent);
}
