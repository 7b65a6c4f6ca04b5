import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ParsedScript, ThreadInspector } from './inspector.ts';
import { ModuleScopes } from './module-scopes.ts';
import type { ScriptLocation } from './scopes.ts';

/** Where a function comes from. */
export type Origin =
  /** A cell, or a file of the user's: followed by value. */
  | { readonly kind: 'local'; readonly url: string }
  /** Node itself. */
  | { readonly kind: 'node'; readonly url: string }
  /** An npm package, or Millrace: its version stands for what its modules hold. */
  | { readonly kind: 'package'; readonly id: string; readonly file: string };

const PACKAGE = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/](.*)$/;

/** A text that V8 compiled. */
export interface Script {
  /** A file's URL, a path, or what the program called it. */
  readonly url: string;
  /** What its last comment names, as it stands there: a file or a data URL; may be empty. */
  readonly sourceMapUrl: string;
  readonly source: string;
}

/**
 * Knows the scripts of this thread by the inspector's ids, and which package each belongs to.
 *
 * An id is never used twice, so what was learnt holds. Asking for one that is not known yet costs some 10 ms, as V8
 * then lists all of them.
 */
export class Scripts {
  readonly #inspector: ThreadInspector;
  readonly #scripts = new Map<string, Omit<Script, 'source'>>();
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
    const path = this.pathInMillrace(file);
    if (this.#own !== undefined && path !== undefined) {
      return { kind: 'package', id: `millrace@${this.#own.version} ${withoutBuild(path)}`, file };
    }
    const [, directory, name, inner] = PACKAGE.exec(file) ?? [];
    if (directory === undefined || name === undefined || inner === undefined) {
      return this.#isKernels(file)
        ? { kind: 'package', id: '@millrace/kernel', file }
        : { kind: 'local', url };
    }
    return {
      kind: 'package',
      id: `${name}@${this.#version(directory)} ${inner}`.replaceAll('\\', '/'),
      file,
    };
  }

  /** Where a file is in this package; undefined for all others. */
  pathInMillrace(file: string): string | undefined {
    if (this.#own === undefined || !file.startsWith(this.#own.directory + sep)) return undefined;
    return relative(this.#own.directory, file);
  }

  /** What is declared where in a script, to tell a module's own names; undefined if it cannot be parsed. */
  moduleScopes({ scriptId }: ScriptLocation): ModuleScopes | undefined {
    if (!this.#moduleScopes.has(scriptId)) {
      const source = this.read([scriptId]).get(scriptId)?.source ?? '';
      this.#moduleScopes.set(scriptId, ModuleScopes.parse(source));
    }
    return this.#moduleScopes.get(scriptId);
  }

  /** The texts of scripts, by id. Some 10 ms, however many there are. */
  read(scriptIds: Iterable<string>): ReadonlyMap<string, Script> {
    const sources = new Map<string, string>();
    this.#inspector.withDebugger(
      () => {
        for (const scriptId of scriptIds) {
          // The protocol's own answer to this method.
          const answer = this.#inspector.post('Debugger.getScriptSource', { scriptId });
          sources.set(scriptId, (answer as { readonly scriptSource: string }).scriptSource);
        }
      },
      (script) => this.#note(script),
    );
    return new Map(
      Array.from(sources, ([id, source]): [string, Script] => {
        const { url = '', sourceMapUrl = '' } = this.#scripts.get(id) ?? {};
        return [id, { url, sourceMapUrl, source }];
      }),
    );
  }

  /** Whether a file is the kernel's, which stands beside this package where it is developed. */
  #isKernels(file: string): boolean {
    if (this.#own === undefined) return false;
    const kernel = join(this.#own.directory, '..', 'kernel');
    return file.startsWith(kernel + sep) && packageJson(kernel)?.name === '@millrace/kernel';
  }

  #url(scriptId: string): string {
    if (!this.#scripts.has(scriptId)) {
      this.#inspector.withDebugger(
        () => undefined,
        (script) => this.#note(script),
      );
    }
    return this.#scripts.get(scriptId)?.url ?? '';
  }

  #note({ scriptId, url, sourceMapURL = '' }: ParsedScript): void {
    this.#scripts.set(scriptId, { url, sourceMapUrl: sourceMapURL });
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
