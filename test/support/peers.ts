import { existsSync } from 'node:fs';
import path from 'node:path';

import { ROOT } from './repository.ts';

/** The Python with Beam's own SDK in it, which set-up installs on demand; PEERS_PYTHON names another. */
export const PEERS_PYTHON = process.env.PEERS_PYTHON ?? path.join(ROOT, '.venv-peers/bin/python');

/** Why tests against Beam's own SDK cannot run here; undefined if they can. */
export const PEERS_MISSING = existsSync(PEERS_PYTHON) ? undefined : '.venv-peers missing';
