import { pathToFileURL } from 'node:url';
import type ts from 'typescript';
import type { CellText, Emitted } from './language.ts';
import type { CellParameters } from './rewrite-options.ts';
import { rewriteCell } from './rewrite.ts';
import { shiftSourceMap } from './source-map.ts';

/** What emitCell needs beside the program. */
export interface EmitCellOptions {
  readonly cell: CellText;
  /** What the source map calls the cell. */
  readonly sourceName: string;
  /** The notebook's folder. */
  readonly directory: string;
}

/** Stands in for `for await` over a member of the cell: every step can be interrupted, like `await` itself. */
const ITERATE = [
  '(items) => {',
  'const own = items[Symbol.asyncIterator];',
  'const iterator = own === undefined ? items[Symbol.iterator]() : own.call(items);',
  'const next = own === undefined',
  '? async () => { const step = iterator.next(); return step.done ? step : { value: await WAIT(step.value), done: false }; }',
  ': () => WAIT(iterator.next());',
  'const end = iterator.return === undefined ? undefined : async (value) => iterator.return(value);',
  'return { [Symbol.asyncIterator]: () => ({ next, return: end }) }; }',
].join(' ');

/** Turns a checked cell into a script whose value is a function of the notebook's names. */
export function emitCell(program: ts.Program, sourceFile: ts.SourceFile, options: EmitCellOptions): Emitted {
  const { cell, sourceName, directory } = options;
  const parameters = freshNames(cell.text);
  const names: string[] = [];
  let output = '';
  let map = '';
  let declarations = '';
  const before = rewriteCell({
    checker: program.getTypeChecker(),
    codeStart: cell.start,
    codeEnd: cell.end,
    parameters,
    onName: (name) => names.push(name),
  });
  const writeFile: ts.WriteFileCallback = (name, text) => {
    if (name.endsWith('.map')) map = text;
    else if (name.endsWith('.d.mts')) declarations = text;
    else output = text;
  };
  const { diagnostics } = program.emit(sourceFile, writeFile, undefined, false, { before: [before] });

  const body = output.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '').replace(/(^|\n)export \{\};\s*$/, '$1');
  const { cells, wait, load, meta, iterate } = parameters;
  const extras = [
    body.includes(meta) ? `const ${meta} = ${importMeta(directory, sourceName)};` : '',
    body.includes(iterate) ? `const ${iterate} = ${ITERATE.replaceAll('WAIT', wait)};` : '',
  ].join('');
  // The arrow function keeps the parameter in V8's scopes: a fingerprint then knows every function of the cell as such.
  const code = `(async (${cells}, ${wait}, ${load}) => { "use strict"; () => ${cells};${extras}\n${body}\n})`;
  return {
    code,
    sourceMap: shiftSourceMap(map, { generated: 1, source: 1, name: sourceName }),
    names,
    // Without a fault all its types could be written down.
    ...(diagnostics.length === 0 && { declarations }),
  };
}

/** Names that occur nowhere in `text`. */
function freshNames(text: string): CellParameters {
  const words = ['__cells', '__await', '__import', '__meta', '__iterate'];
  let suffix = '';
  while (words.some((word) => text.includes(word + suffix))) suffix += '_';
  return {
    cells: `__cells${suffix}`,
    wait: `__await${suffix}`,
    load: `__import${suffix}`,
    meta: `__meta${suffix}`,
    iterate: `__iterate${suffix}`,
  };
}

/** A cell is a file of the notebook's folder, as far as `import.meta` tells. */
function importMeta(directory: string, sourceName: string): string {
  const filename = `${directory}/${sourceName}.ts`;
  return JSON.stringify({ url: pathToFileURL(filename).href, filename, dirname: directory });
}
