import { existsSync } from 'node:fs';
import path from 'node:path';

/** The `node_modules` folder in which a module in `folder` looks first; undefined if there is none. */
export function nearestNodeModules(folder: string): string | undefined {
  const candidate = path.join(folder, 'node_modules');
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : nearestNodeModules(parent);
}
