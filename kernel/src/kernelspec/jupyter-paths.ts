import { join } from 'node:path';
import type { UserEnvironment } from '../kernel/user-state.ts';

/**
 * The user's own Jupyter data folder: where `--user` installs to.
 *
 * `JUPYTER_DATA_DIR` wins; then the platform's own folder if `JUPYTER_PLATFORM_DIRS` is set; then Jupyter's default.
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 */
export function userDataDirectory({ platform, env, home }: UserEnvironment): string {
  if (env.JUPYTER_DATA_DIR !== undefined && env.JUPYTER_DATA_DIR !== '') return env.JUPYTER_DATA_DIR;
  const usesPlatform = /^(1|true|yes|on)$/i.test(env.JUPYTER_PLATFORM_DIRS ?? '');
  if (platform === 'darwin') {
    return usesPlatform
      ? join(home, 'Library', 'Application Support', 'Jupyter')
      : join(home, 'Library', 'Jupyter');
  }
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
    return join(usesPlatform ? local : (env.APPDATA ?? join(home, 'AppData', 'Roaming')), 'jupyter');
  }
  const given = env.XDG_DATA_HOME;
  const data = given === undefined || given === '' ? join(home, '.local', 'share') : given;
  return join(data, 'jupyter');
}

/** The Jupyter data folder of an installation prefix: where `--prefix` and `--sys-prefix` install to. */
export function prefixDataDirectory(prefix: string): string {
  return join(prefix, 'share', 'jupyter');
}
