import { readFileSync } from 'node:fs';

/** The version of this package, from its package.json. */
export const VERSION: string = versionOf(new URL('../../package.json', import.meta.url));

function versionOf(file: URL): string {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version !== 'string') {
    throw new TypeError(
      `Cannot read the version as ${file.pathname} must hold one: received ${String(version)}`,
    );
  }
  return version;
}
