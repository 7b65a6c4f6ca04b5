import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the paths depend on. */
export interface UserEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The environment of this process. */
export function currentEnvironment(): UserEnvironment {
  return { platform: process.platform, env: process.env, home: homedir() };
}

/**
 * Where the history of kernels and REPLs is kept: `MILLRACE_HISTORY` if it is set, else in the platform's folder
 * for a program's state. undefined if `MILLRACE_HISTORY` is "off": then nothing is kept on disk.
 */
export function historyPath({ platform, env, home }: UserEnvironment): string | undefined {
  const given = env.MILLRACE_HISTORY;
  if (given === 'off') return undefined;
  if (given !== undefined && given !== '') return given;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'millrace', 'history.jsonl');
  const state =
    platform === 'win32'
      ? (env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'))
      : (env.XDG_STATE_HOME ?? join(home, '.local', 'state'));
  return join(state, 'millrace', 'history.jsonl');
}
