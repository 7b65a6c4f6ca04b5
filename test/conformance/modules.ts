import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A Python module of pipelines. */
export interface Module {
  /** As Python has it: "par_do". */
  readonly name: string;
  /** Another one whenever what it computes may be another. */
  readonly key: string;
}

/**
 * Finds the modules of `beam/` that a file of `pipelines/` is named after, in the order of their names.
 *
 * All other modules of `beam/` are shared, and part of every key, as are the script, the SDK's version and the inputs.
 *
 * @param root The clone's folder.
 * @param inputs The inputs, as text.
 */
export function findModules(root: string, inputs: string): Module[] {
  const conformance = path.join(root, 'test/conformance');
  const pipelines = readdirSync(path.join(conformance, 'pipelines')).map((file) =>
    path.basename(file, '.ts').replaceAll('-', '_'),
  );
  const modules = readdirSync(path.join(conformance, 'beam'))
    .filter((file) => file.endsWith('.py'))
    .map((file) => path.basename(file, '.py'))
    .sort();
  const fileOf = (module: string) => path.join(conformance, `beam/${module}.py`);
  const shared = [
    ...modules.filter((name) => !pipelines.includes(name)).map(fileOf),
    path.join(conformance, 'beam_pipelines.py'),
    path.join(conformance, 'inputs.ts'), // makes the input files
    path.join(root, 'scripts/requirements-peers.txt'),
  ].map((file) => readFileSync(file, 'utf8'));
  return modules
    .filter((name) => pipelines.includes(name))
    .map((name) => ({ name, key: hashOf([...shared, inputs, readFileSync(fileOf(name), 'utf8')]) }));
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 16);
}
