import { PipelineError } from '../errors.ts';

/** Files that a pipeline names cannot be read or written; the message says which and why. */
export class FileError extends PipelineError {}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a file is where a folder must be',
  EISDIR: 'it is a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links go in a circle',
};

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'Check the permissions of the file and of its folder',
  EPERM: 'Check the permissions of the file and of its folder',
  ENOSPC: 'Free some space, or write to another disk',
  EDQUOT: 'Free some space, or write to another disk',
  EROFS: 'Write to another folder',
};

/**
 * Turns what `node:fs` threw into a FileError; anything that is no file system error comes back as it is.
 *
 * @param verb What was tried: "read", "write".
 */
export function fileError(verb: 'read' | 'write', file: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined || error instanceof PipelineError) return error;
  const reason = REASONS[code] ?? (error as Error).message; // errorCode has seen that it is an Error
  return new FileError(`Cannot ${verb} "${file}" as ${reason}`, {
    hint: HINTS[code] ?? `Check that the file can be ${verb === 'read' ? 'read' : 'written'} by this process`,
    cause: error,
  });
}

/** The code of a system error, "ENOENT"; undefined for any other thrown value. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code;
}
