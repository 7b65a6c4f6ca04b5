import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './repository.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The lessons, in their order: "01-word-count.ipynb" … */
export async function lessons(): Promise<readonly string[]> {
  const names = await readdir(path.join(ROOT, 'notebooks'));
  return names.filter((name) => name.endsWith('.ipynb')).sort();
}

/** A copy of the lessons for one test, so that running them leaves no outputs in the clone. */
export interface LessonFolder {
  /** Holds the notebooks; `../node_modules` is the clone's, as in the clone. */
  readonly notebooks: string;
  /** What a program that runs them needs in its environment: an empty cache, no Jupyter settings but its own. */
  readonly env: Readonly<Record<string, string>>;
}

/** Copies the lessons to a folder that is removed when the test has ended. */
export async function lessonFolder(): Promise<LessonFolder> {
  const folder = await temporaryFolder();
  const notebooks = path.join(folder, 'notebooks');
  await cp(path.join(ROOT, 'notebooks'), notebooks, {
    recursive: true,
    filter: (file) => !/\.ipynb_checkpoints|[\\/]output$/.test(file),
  });
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const own = (name: string) => path.join(folder, name);
  await mkdir(own('runtime'), { mode: 0o700 });
  const settings = path.join(own('config'), 'lab/user-settings/@jupyterlab/notebook-extension');
  await mkdir(settings, { recursive: true });
  // Every cell is in the page, not only those near the window, so that tests find it and pictures show it.
  await writeFile(
    path.join(settings, 'tracker.jupyterlab-settings'),
    '{ "windowingMode": "none", "scrollPastEnd": false }',
  );
  return {
    notebooks,
    env: {
      JUPYTER_CONFIG_DIR: own('config'),
      JUPYTER_DATA_DIR: own('data'),
      JUPYTER_RUNTIME_DIR: own('runtime'),
      JUPYTER_PATH: path.join(ROOT, '.venv/share/jupyter'),
      IPYTHONDIR: own('ipython'),
      MILLRACE_CACHE: own('cache'),
    },
  };
}
