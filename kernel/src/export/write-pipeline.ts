import ts from '#typescript';
import { markdownLines } from './comment-text.ts';
import { importLines } from './import-lines.ts';
import { hasAwait, unitsInside } from './place-units.ts';
import type { OptionPlan } from './plan-options.ts';
import type { Slice } from './slice.ts';
import { unitText, type Edit, type FinalNames } from './unit-text.ts';
import type { CodeCell, Reference, Unit } from './unit.ts';

/** What the module of a pipeline is written from. */
export interface PipelineModuleOptions {
  readonly slice: Slice;
  readonly plan: OptionPlan;
  readonly references: ReadonlyMap<Unit, readonly Reference[]>;
  readonly names: FinalNames;
  /** False for an imported name that is only a type. */
  readonly isValue: (unit: Unit) => boolean;
  /** What the project calls a module that the notebook imports. */
  readonly specifierOf: (specifier: string) => string;
  /** The text cells before a code cell. */
  readonly markdownBefore: (cell: CodeCell) => readonly string[];
  /** The first comment of the file. */
  readonly header: readonly string[];
}

/** The text of `src/pipeline.ts`: the notebook's own code, as a function of its options. */
export function pipelineModule(options: PipelineModuleOptions): string {
  const { slice, plan, references, names, header } = options;
  const inside = unitsInside(slice, { references, literals: plan.literals });
  const imports = slice.units.filter(({ kind }) => kind === 'import');
  const outside = slice.units.filter((unit) => unit.kind !== 'import' && !inside.has(unit));
  const within = slice.units.filter((unit) => inside.has(unit));
  const isAsync = within.some(hasAwait);
  const outsideCells = new Set(within.map(({ cell }) => cell));
  const block = (units: readonly Unit[], isOutside: boolean): string =>
    blockOf(units, {
      text: (unit) =>
        unitText(unit, [...names.edits(unit, references.get(unit) ?? []), ...literalEdits(unit, plan)]),
      // The text before a cell goes where most of the cell goes.
      markdown: (cell) => (isOutside && outsideCells.has(cell) ? [] : options.markdownBefore(cell)),
    });
  const parts = [
    docComment(header),
    [
      ...importLines(imports, { names, isValue: options.isValue, specifierOf: options.specifierOf }),
      `import type { PipelineOptions } from './options.ts';`,
    ].join('\n'),
    ...(outside.length === 0 ? [] : [block(outside, true)]),
    [
      '/** Builds the pipeline, and does not run it. */',
      `export ${isAsync ? 'async ' : ''}function buildPipeline(${optionsParameter(plan)}) {`,
      ...settings(plan, slice, references).flatMap((line, index, lines) =>
        index === lines.length - 1 ? [line, ''] : [line],
      ),
      indented(block(within, false)),
      '',
      `  return ${resultOf(slice, names)};`,
      '}',
    ].join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function optionsParameter({ options }: OptionPlan): string {
  return options.length === 0 ? '_options: PipelineOptions = {}' : 'options: PipelineOptions';
}

/** Takes the settings out of the options under the names that the notebook's code has for them. */
function settings(
  { options }: OptionPlan,
  slice: Slice,
  references: ReadonlyMap<Unit, readonly Reference[]>,
): readonly string[] {
  if (options.length === 0) return [];
  const assigned = new Set(
    [...slice.units]
      .flatMap((unit) => references.get(unit) ?? [])
      .filter(
        ({ use, targets }) => use === 'write' && targets.some((target) => slice.parameters.includes(target)),
      )
      .map(({ identifier }) => identifier.text),
  );
  const fixed = options.filter(({ name }) => !assigned.has(name)).map(({ name }) => name);
  const changing = options.filter(({ name }) => assigned.has(name)).map(({ name }) => name);
  return [
    ...(fixed.length === 0 ? [] : [`  const { ${fixed.join(', ')} } = options;`]),
    ...(changing.length === 0 ? [] : [`  let { ${changing.join(', ')} } = options;`]),
  ];
}

function literalEdits(unit: Unit, { literals }: OptionPlan): readonly Edit[] {
  return literals
    .filter((literal) => literal.unit === unit)
    .map(({ node, option }) => ({ start: node.getStart(), end: node.getEnd(), text: option }));
}

function resultOf({ targets, pipeline }: Slice, names: FinalNames): string {
  const outputs = targets.filter(({ isWritten }) => !isWritten).map(({ name }) => name);
  return `{ pipeline: ${wholePipeline()}, outputs: {${outputs.length === 0 ? '' : ` ${outputs.sort().join(', ')} `}} }`;

  function wholePipeline(): string {
    if (pipeline !== undefined) return names.of(pipeline.unit, pipeline.name);
    const single = targets.find(({ isSeveral }) => !isSeveral);
    if (single !== undefined) return `${single.name}.pipeline`;
    return targets.map(({ name }) => `Object.values(${name})[0].pipeline`)[0] ?? '';
  }
}

interface BlockOptions {
  readonly text: (unit: Unit) => string;
  readonly markdown: (cell: CodeCell) => readonly string[];
}

/** Units one after the other: those of a cell as they stand there, an empty line between cells. */
function blockOf(units: readonly Unit[], { text, markdown }: BlockOptions): string {
  let block = '';
  let before: Unit | undefined;
  for (const unit of units) {
    const isNewCell = unit.cell !== before?.cell;
    if (before !== undefined) block += isNewCell || isApart(before, unit) ? '\n\n' : '\n';
    if (isNewCell) {
      const lines = markdown(unit.cell).flatMap((source, index) => [
        ...(index === 0 ? [] : ['']),
        ...markdownLines(source),
      ]);
      block += lines.map((line) => `// ${line}`.trimEnd() + '\n').join('');
    }
    block += text(unit);
    before = unit;
  }
  return block;
}

/** Whether the author left an empty line between two units of one cell. */
function isApart(before: Unit, after: Unit): boolean {
  const between = before.cell.source.slice(before.node.getEnd(), after.node.getStart());
  return /\n[ \t]*\r?\n/.test(between);
}

/** Indents code by two spaces, except inside of template literals. */
function indented(code: string): string {
  const sourceFile = ts.createSourceFile('/block.mts', code, ts.ScriptTarget.ESNext, true);
  const fixed: [number, number][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteralToken(node)) fixed.push([node.getStart(), node.getEnd()]);
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  let at = 0;
  const lines = code.split('\n').map((line) => {
    const start = at;
    at += line.length + 1;
    const isFixed = fixed.some(([from, to]) => start > from && start <= to);
    return isFixed || line === '' ? line : `  ${line}`;
  });
  return lines.join('\n');
}

function docComment(lines: readonly string[]): string {
  return ['/**', ...lines.map((line) => ` * ${line.replaceAll('*/', '*\\/')}`.trimEnd()), ' */'].join('\n');
}
