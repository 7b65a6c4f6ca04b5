import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { closeSession } from '../cli/close-session.ts';
import { Session } from '../session/session.ts';
import { ExportError } from './export-error.ts';
import type { Slice } from './slice.ts';
import { edited, unitText, type Edit } from './unit-text.ts';
import type { CodeCell, Unit } from './unit.ts';

/** What the notebook gives for one output of its pipeline. */
export interface SampleResult {
  readonly name: string;
  /** The elements as text, one a line, sorted. */
  readonly lines: readonly string[];
  /** Running it twice gave the same. */
  readonly isSame: boolean;
}

/** How a sample is run. */
export interface RunSampleOptions {
  /** The notebook's folder. */
  readonly directory: string;
  /** What is put in the place of a literal of a unit, so that the cells read the sample. */
  readonly edits: (unit: Unit) => readonly Edit[];
  readonly signal: AbortSignal;
}

/**
 * Runs the notebook's own cells, without what only looks, and collects what the pipeline gives: twice, in two sessions, to know
 * what can be compared.
 *
 * @throws {ExportError} with the cell that failed.
 */
export async function runSample(slice: Slice, options: RunSampleOptions): Promise<readonly SampleResult[]> {
  const first = await runOnce(slice, options);
  if (first.size === 0) return [];
  const second = await runOnce(slice, options);
  return [...first].map(([name, lines]) => ({
    name,
    lines,
    isSame: JSON.stringify(second.get(name)) === JSON.stringify(lines),
  }));
}

async function runOnce(
  slice: Slice,
  options: RunSampleOptions,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { directory, edits, signal } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-export-'));
  const before = process.cwd();
  const session = new Session({ directory });
  const interrupt = (): void => session.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const units = [...slice.units, ...slice.parameters, ...slice.replaced];
    const cells = [...new Set(units.map(({ cell }) => cell))].sort((a, b) => a.number - b.number);
    for (const [index, cell] of cells.entries()) {
      const own = units.filter((unit) => unit.cell === cell);
      await run(session, { code: neededCode(cell, own, edits), count: index + 1, cell, signal });
    }
    const names = slice.targets.filter(({ isWritten }) => !isWritten).map(({ name }) => name);
    if (names.length === 0) return new Map();
    const file = path.join(folder, 'elements.json');
    await run(session, { code: collecting(names, file), count: cells.length + 1, cell: undefined, signal });
    const results = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>;
    return new Map(Object.entries(results));
  } finally {
    signal.removeEventListener('abort', interrupt);
    await closeSession(session);
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(
  session: Session,
  cell: {
    readonly code: string;
    readonly count: number;
    readonly cell: CodeCell | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const outcome = await session.execute(cell.code, { executionCount: cell.count, onOutput: () => undefined });
  cell.signal.throwIfAborted();
  if (outcome.status === 'ok') return;
  const where = cell.cell === undefined ? 'when its results were computed' : `in cell ${cell.cell.number}`;
  const trace = stripVTControlCharacters(outcome.traceback.join('\n')).trim();
  throw new ExportError(
    `Cannot export the notebook as its pipeline must run on a sample of its data: received, ${where}:\n${trace}`,
    'Mend the cell, or choose another part with --pcollection NAME',
  );
}

/** A cell with spaces in the place of all that is not needed, so that lines and columns stay. */
function neededCode(cell: CodeCell, units: readonly Unit[], edits: RunSampleOptions['edits']): string {
  const needed = new Map<Unit['statement'], Unit[]>();
  for (const unit of units) needed.set(unit.statement, [...(needed.get(unit.statement) ?? []), unit]);
  const { source, sourceFile } = cell;
  let code = '';
  let at = 0;
  for (const statement of sourceFile.statements) {
    const start = statement.getStart();
    const end = statement.getEnd();
    code += source.slice(at, start);
    at = end;
    const own = needed.get(statement);
    if (own === undefined) {
      code += source.slice(start, end).replace(/[^\s]/g, ' ');
    } else if (own.every(({ kind }) => kind === 'import')) {
      code += source.slice(start, end);
    } else {
      const changes = own.flatMap((unit) => edits(unit));
      const isWhole = own.some(({ node }) => node === statement) || own.length === partCount(statement);
      code += isWhole
        ? edited(source, start, end, changes)
        : own.map((unit) => unitText(unit, changes)).join(' ');
    }
  }
  return code + source.slice(at);
}

function partCount(statement: Unit['statement']): number {
  const { declarationList } = statement as {
    readonly declarationList?: { readonly declarations: { readonly length: number } };
  };
  return declarationList?.declarations.length ?? 1;
}

/** A cell that writes the elements of PCollections to a file, as the tests of the project print them. */
function collecting(names: readonly string[], file: string): string {
  return `{
  const ib = await import('millrace/interactive');
  const { PCollection } = await import('millrace');
  const { inspect } = await import('node:util');
  const { writeFileSync } = await import('node:fs');
  ib.options.enableCaching = false;
  const results: Record<string, string[]> = {};
  const take = async (name: string, pcollection: any) => {
    const elements: unknown[] = await ib.collect(pcollection);
    results[name] = elements
      .map((element) => inspect(element, {
        depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity,
        breakLength: Infinity, compact: true, sorted: true,
      }))
      .sort();
  };
  for (const [name, value] of Object.entries({ ${names.join(', ')} }) as [string, any][]) {
    if (value instanceof PCollection) await take(name, value);
    else for (const [part, each] of Object.entries(value)) await take(\`\${name}-\${part}\`, each);
  }
  writeFileSync(${JSON.stringify(file)}, JSON.stringify(results));
}
`;
}
