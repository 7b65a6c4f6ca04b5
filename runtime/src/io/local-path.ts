import path from 'node:path';

import { FileError } from './file-error.ts';

/**
 * A path or pattern as the user wrote it, made absolute: relative to the working directory, or a `file://` URL.
 *
 * @throws {FileError} for any other scheme: there is no cloud storage yet.
 */
export function localPath(written: string, verb: 'read' | 'write'): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/is.exec(written) ?? [];
  if (scheme === undefined || rest === undefined) return path.resolve(written);
  if (scheme.toLowerCase() !== 'file') {
    throw new FileError(
      `Cannot ${verb} "${written}" as only local files are supported: received ${scheme}://`,
      {
        hint:
          verb === 'read'
            ? 'Download the files first, and read the copies'
            : 'Write to a local folder, and upload it',
      },
    );
  }
  const local = rest.replace(/^localhost(?=\/)/i, '');
  if (!local.startsWith('/')) {
    throw new FileError(
      `Cannot ${verb} "${written}" as a file URL must hold an absolute path: received "${rest}"`,
      {
        hint: `Write file:///${rest}, or the path without file://`,
      },
    );
  }
  return path.resolve(decoded(local));
}

/** How a message names an absolute path: relative to the working directory if it is in it. */
export function shownPath(absolute: string): string {
  const relative = path.relative(process.cwd(), absolute);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? absolute : relative;
}

function decoded(urlPath: string): string {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return urlPath; // a lone "%": it was never encoded
  }
}
