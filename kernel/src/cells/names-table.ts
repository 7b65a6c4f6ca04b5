import type { CellOutline, NameKind } from './declared-names.ts';

/** Where a name of the notebook comes from. */
interface Origin {
  /** What other cells import the declaring cell by. */
  readonly specifier: string;
  readonly kind: NameKind;
}

/** A cell as the compiler sees it. */
export interface VirtualCell {
  readonly specifier: string;
  /** Prelude, code and exports: the prelude is one line, so that line n of the code is line n + 1 here. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly outline: CellOutline;
}

/** The names that earlier cells declared, and the text that makes them known to the next one. */
export class NamesTable {
  readonly #origins = new Map<string, Origin>();

  /** Writes the virtual file of a cell; names that it declares again are its own. */
  write(
    specifier: string,
    code: string,
    outline: CellOutline,
    alsoKnown?: (name: string) => boolean,
  ): VirtualCell {
    const values: string[] = [];
    const imports = new Map<string, string[]>();
    for (const name of this.#wanted(outline, alsoKnown)) {
      const origin = this.#origins.get(name);
      if (origin === undefined || outline.declared.has(name)) continue;
      if (origin.kind === 'import') {
        const names = imports.get(origin.specifier) ?? [];
        imports.set(origin.specifier, [...names, name]);
      } else {
        const keyword = origin.kind === 'let' ? 'let' : 'const';
        values.push(`declare ${keyword} ${name}: typeof import('${origin.specifier}').${name};`);
      }
    }
    const lines = [...imports].map(([from, names]) => `import { ${names.join(', ')} } from '${from}';`);
    const prelude = [...lines, ...values].join(' ') + '\n';
    const exported = [...outline.declared.keys()].filter((name) => !outline.exported.has(name));
    const text = `${prelude}${code}\n;export { ${exported.join(', ')} };\n`;
    return { specifier, text, start: prelude.length, end: prelude.length + code.length, outline };
  }

  /** Makes the names of `cell` for which `isThere` is true known to later cells. */
  learn(cell: VirtualCell, isThere: (name: string) => boolean): void {
    for (const [name, kind] of cell.outline.declared) {
      if (isThere(name)) this.#origins.set(name, { specifier: cell.specifier, kind });
    }
  }

  /** The cells that hold the present meaning of some name. */
  get specifiers(): ReadonlySet<string> {
    return new Set([...this.#origins.values()].map(({ specifier }) => specifier));
  }

  #wanted(outline: CellOutline, alsoKnown: ((name: string) => boolean) | undefined): readonly string[] {
    const mentioned = [...outline.mentions].filter((name) => this.#origins.has(name));
    if (alsoKnown === undefined) return mentioned;
    return [...new Set([...mentioned, ...[...this.#origins.keys()].filter(alsoKnown)])];
  }
}
