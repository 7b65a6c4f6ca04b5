import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { CellService, type RefusedCell } from '../../../kernel/src/cells/cell-service.ts';
import type { Language } from '../../../kernel/src/cells/language.ts';
import type { LanguagePlaces } from '../../../kernel/src/cells/language-host.ts';
import { TypeScriptLanguage } from '../../../kernel/src/cells/type-script-language.ts';

const source = (file: string) => fileURLToPath(new URL(`../../../kernel/src/cells/${file}`, import.meta.url));

/** Places of a notebook in `directory`, with the kernel read from its sources. */
export function placesIn(directory: string): LanguagePlaces {
  return { directory, kernelFile: source('cell-language.ts'), displayApi: source('display-api.ts') };
}

/** What a cell function is: it takes the names of all cells, a waiter and a loader. */
type CellFunction = (
  cells: Record<string, unknown>,
  wait: (value: unknown) => unknown,
  load: (specifier: string, names?: readonly string[]) => Promise<unknown>,
) => Promise<{ readonly value: unknown } | undefined>;

/** A notebook that runs its cells for real, in this thread. */
export class Notebook {
  readonly service: CellService;
  readonly cells: Record<string, unknown> = {};
  /** What top-level `await` waited for. */
  readonly waited: unknown[] = [];
  /** What was imported, with the names that were wanted of it. */
  readonly loaded: (readonly [string, readonly string[] | undefined])[] = [];
  readonly #directory: string;
  #count = 0;

  /** @param language A language to use again: to make a new one takes a second. */
  constructor(directory: string, language: Language = new TypeScriptLanguage(placesIn(directory), Infinity)) {
    this.#directory = directory;
    this.service = new CellService(language);
  }

  /** Runs one cell: its value, or `undefined`. Throws RefusedError if it was refused, and what it throws. */
  async run(code: string): Promise<unknown> {
    const id = ++this.#count;
    const { result: cell, declarations } = this.service.prepare({ id, code });
    if (cell.kind === 'refused') throw new RefusedError(cell);
    const before = { ...this.cells };
    let isDone = false;
    try {
      const run = vm.runInThisContext(cell.code, { filename: `cell-${id}.js` }) as CellFunction;
      const result = await run(
        this.cells,
        (value) => (this.waited.push(value), value),
        (specifier, names) => this.#load(specifier, names),
      );
      isDone = true;
      return result?.value;
    } finally {
      const defined = cell.names.filter((name) => isDone || this.cells[name] !== before[name]);
      this.service.commit({ serial: id, id, code, names: cell.names, defined, declarations });
    }
  }

  #load(specifier: string, names: readonly string[] | undefined): Promise<unknown> {
    this.loaded.push([specifier, names]);
    const url = specifier.startsWith('.')
      ? pathToFileURL(path.resolve(this.#directory, specifier)).href
      : specifier;
    return specifier.endsWith('.json')
      ? import(/* @vite-ignore */ url, { with: { type: 'json' } })
      : import(/* @vite-ignore */ url);
  }
}

/** A cell was refused before it ran. */
export class RefusedError extends Error {
  readonly refused: RefusedCell;

  constructor(refused: RefusedCell) {
    super(refused.text);
    this.refused = refused;
  }
}
