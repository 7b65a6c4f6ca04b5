import { homedir } from 'node:os';
import path from 'node:path';

/** What the home's place depends on. */
export interface HomeEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * The folder that keeps runners: what was fetched, what runs, and their logs.
 *
 * `MILLRACE_HOME` if it is set, else the platform's folder for a program's data.
 */
export function millraceHome(
  { platform, env, home }: HomeEnvironment = {
    platform: process.platform,
    env: process.env,
    home: homedir(),
  },
): string {
  const given = env.MILLRACE_HOME;
  if (given !== undefined && given !== '') return path.resolve(given);
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'millrace');
  if (platform === 'win32')
    return path.join(env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'millrace');
  const data = env.XDG_DATA_HOME;
  return path.join(data !== undefined && data !== '' ? data : path.join(home, '.local', 'share'), 'millrace');
}
