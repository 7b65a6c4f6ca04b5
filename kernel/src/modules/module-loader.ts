import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';
import type { StackTraces } from '../session/thread/stack-traces.ts';

export class ModuleLoader {
  readonly filename: string;
  readonly require: NodeJS.Require;
  readonly load: (specifier: unknown, names?: readonly string[]) => Promise<unknown>;
  readonly #builtins = new Map<string, object>();
  constructor(o: { directory: string; loading: SharedArrayBuffer; stacks: StackTraces }) {
    this.filename = join(o.directory, 'notebook.mjs');
    this.require = createRequire(this.filename);
    const imp = vm.runInThisContext('(s) => import(s)', {
      filename: this.filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as (s: string) => Promise<unknown>;
    this.load = Object.assign(
      (s: unknown) => {
        const spec = String(s);
        const b = this.#builtins.get(spec);
        if (b) return Promise.resolve(b);
        return /^millrace(\/|$)/.test(spec) ? (import(spec) as Promise<unknown>) : imp(spec);
      },
      { [Symbol.for('millrace.identity')]: 'millrace import' },
    );
  }
  addBuiltin(name: string, exports: object): void {
    this.#builtins.set(name, exports);
  }
}
