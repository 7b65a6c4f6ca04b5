import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** The Python of the clone's own environment, with JupyterLab and the Jupyter clients in it. */
export const PYTHON = path.join(ROOT, '.venv/bin/python');

/** The `millrace` command line, as built. */
export const MILLRACE = path.join(ROOT, 'kernel/bin/millrace.mjs');

/** Pictures that tests take, for people to look at. Not in git. */
export const SCREENSHOTS = path.join(ROOT, '.setup/screenshots');
