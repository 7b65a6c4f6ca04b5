import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ThreadInspector } from './inspector.ts';
import { ModuleScopes } from './module-scopes.ts';
import type { ScriptLocation } from './scopes.ts';

/** Where a function comes from. */
export type Origin =
  /** A cell, or a file of the user's: followed by value. */
  | { readonly kind: 'local' }
  /** Node itself. */
  | { readonly kind: 'node'; readonly url: string }
  /** An npm package, or Millrace: its version stands for what its modules hold. */
  | { readonly kind: 'package'; readonly id: string; readonly file: string };

const PACKAGE = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/](.*)$/;

/**
 * Knows the scripts of this thread by the inspector's ids, and which package each belongs to.
 *
 * An id is never used twice, so what was learnt holds. Asking for one that is not known yet costs some 10 ms, as V8
 * then lists all of them.
 */
export class Scripts {
  readonly #inspector: ThreadInspector;
  readonly #urls = new Map<string, string>();
  readonly #moduleScopes = new Map<string, ModuleScopes | undefined>();
  readonly #versions = new Map<string, string>();
  readonly #own = ownPackage();

  constructor(inspector: ThreadInspector) {
    this.#inspector = inspector;
  }

  origin({ scriptId }: ScriptLocation): Origin {
    const url = this.#url(scriptId);
    if (url.startsWith('node:')) return { kind: 'node', url };
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (this.#own !== undefined && file.startsWith(this.#own.directory + sep)) {
      const path = relative(this.#own.directory, file);
      return { kind: 'package', id: `millrace@${this.#own.version} ${withoutBuild(path)}`, file };
    }
    const [, directory, name, path] = PACKAGE.exec(file) ?? [];
    if (directory === undefined || name === undefined || path === undefined) return { kind: 'local' };
    return { kind: 'package', id: `${name}@${this.#version(directory)} ${path}`.replaceAll('\\', '/'), file };
  }

  /** What is declared where in a script, to tell a module's own names; undefined if it cannot be parsed. */
  moduleScopes({ scriptId }: ScriptLocation): ModuleScopes | undefined {
    if (!this.#moduleScopes.has(scriptId)) {
      let source = '';
      this.#inspector.withDebugger(
        () => {
          // The protocol's own answer to this method.
          const answer = this.#inspector.post('Debugger.getScriptSource', { scriptId });
          source = (answer as { readonly scriptSource: string }).scriptSource;
        },
        () => undefined,
      );
      this.#moduleScopes.set(scriptId, ModuleScopes.parse(source));
    }
    return this.#moduleScopes.get(scriptId);
  }

  #url(scriptId: string): string {
    if (!this.#urls.has(scriptId)) {
      this.#inspector.withDebugger(
        () => undefined,
        (script) => this.#urls.set(script.scriptId, script.url),
      );
    }
    return this.#urls.get(scriptId) ?? '';
  }

  #version(directory: string): string {
    let version = this.#versions.get(directory);
    if (version === undefined) {
      version = packageJson(directory)?.version ?? 'unknown';
      this.#versions.set(directory, version);
    }
    return version;
  }
}

/** "src/transforms/sum.ts" and "dist/transforms/sum.js" are the same module. */
function withoutBuild(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(src|dist)\//, '')
    .replace(/\.[jt]s$/, '');
}

function ownPackage(): { readonly directory: string; readonly version: string } | undefined {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const found = packageJson(directory);
    if (found?.name === 'millrace') return { directory, version: found.version ?? 'unknown' };
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}

function packageJson(directory: string): { readonly name?: string; readonly version?: string } | undefined {
  let text;
  try {
    text = readFileSync(join(directory, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const name = 'name' in parsed && typeof parsed.name === 'string' ? { name: parsed.name } : {};
  const version =
    'version' in parsed && typeof parsed.version === 'string' ? { version: parsed.version } : {};
  return { ...name, ...version };
}
