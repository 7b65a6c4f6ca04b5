import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type * as Arquero from 'arquero';

type ArqueroModule = Pick<typeof Arquero, 'table' | 'op' | 'desc'>;

let loaded: ArqueroModule | undefined;

/**
 * Arquero, loaded when it is first needed.
 *
 * Its single-file build is ready in 15 ms; `import('arquero')` reads 300 modules, which takes 130 ms, a tenth of what
 * a fresh kernel may take to its first table. That build is a script, so it gets a module object to fill.
 */
export function arquero(): ArqueroModule {
  if (loaded === undefined) {
    const path = createRequire(import.meta.url).resolve('arquero/dist/arquero.min.js');
    const module: { readonly exports: Partial<ArqueroModule> } = { exports: {} };
    const script = compileFunction(readFileSync(path, 'utf8'), ['exports', 'module'], { filename: path });
    Reflect.apply(script, undefined, [module.exports, module]);
    loaded = module.exports as ArqueroModule; // the build exports what the package does
  }
  return loaded;
}
