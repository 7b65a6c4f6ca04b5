import ts from '#typescript';
import { boundNames, parseFaults, type CellOutline } from './declared-names.ts';
import type { Fault } from './language.ts';

/** What cannot work in a cell, whatever its types: each refused by name, with what to write instead. */
export function refusals(sourceFile: ts.SourceFile, { declared }: CellOutline): readonly Fault[] {
  const faults: Fault[] = [];
  const refuse = (node: ts.Node, message: string) =>
    faults.push({ message, code: 0, start: node.getStart(sourceFile), end: node.end });
  for (const statement of sourceFile.statements) refuseStatement(statement, refuse);
  if (declared.has('__proto__')) {
    refuse(sourceFile, 'A cell cannot declare "__proto__" as objects give that name a meaning of their own');
  }
  if (sourceFile.text.includes('import.meta')) refuseImportMeta(sourceFile, refuse);
  return faults;
}

const BLOCK_LET: number = ts.NodeFlags.Let;
const BLOCK_CONST: number = ts.NodeFlags.Const;

type Refuse = (node: ts.Node, message: string) => void;

function refuseStatement(statement: ts.Statement, refuse: Refuse): void {
  if (ts.isVariableStatement(statement)) {
    const flags: number = statement.declarationList.flags & ts.NodeFlags.BlockScoped;
    // `using` and `await using` are these bits together with others.
    if (flags !== 0 && flags !== BLOCK_LET && flags !== BLOCK_CONST) {
      const [name] = boundNames(statement.declarationList);
      refuse(
        statement,
        `\`using\` at the top level of a cell would dispose of "${name?.text ?? ''}" before the next cell sees it. ` +
          'Put it and what needs it in a block: { using … }',
      );
    }
  } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
    refuse(
      statement,
      'A cell cannot re-export from a module. Write `import` instead: later cells see what a cell imports',
    );
  } else if (ts.isExportAssignment(statement)) {
    refuse(
      statement,
      'A cell has no default export. Give the value a name: later cells see what a cell declares',
    );
  } else if (
    (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
    statement.name === undefined
  ) {
    refuse(
      statement,
      'A cell has no default export. Give the declaration a name: later cells see what a cell declares',
    );
  } else if (
    ts.isImportEqualsDeclaration(statement) &&
    ts.isExternalModuleReference(statement.moduleReference)
  ) {
    refuse(statement, '`import … = require(…)` does not work in a cell. Write `import … from …`');
  } else if (
    ts.isImportDeclaration(statement) &&
    statement.importClause?.phaseModifier === ts.SyntaxKind.DeferKeyword
  ) {
    refuse(
      statement,
      '`import defer` does not work in a cell. Write `await import(…)` where the module is needed',
    );
  }
}

function refuseImportMeta(sourceFile: ts.SourceFile, refuse: Refuse): void {
  const visit = (node: ts.Node) => {
    const isMeta =
      ts.isPropertyAccessExpression(node) &&
      ts.isMetaProperty(node.expression) &&
      node.expression.keywordToken === ts.SyntaxKind.ImportKeyword;
    if (isMeta && !['url', 'filename', 'dirname'].includes(node.name.text)) {
      refuse(
        node,
        `\`import.meta.${node.name.text}\` does not work in a cell. It has url, filename and dirname`,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
}

/** The refusal of JSX in `code`, which TypeScript reads as strange syntax; undefined if that is not the fault. */
export function refuseJsx(code: string): Fault | undefined {
  if (!/<[\w>]/.test(code)) return undefined;
  const sourceFile = ts.createSourceFile('cell.tsx', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TSX);
  if (parseFaults(sourceFile).length > 0) return undefined;
  const find = (node: ts.Node): ts.Node | undefined =>
    ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)
      ? node
      : ts.forEachChild(node, find);
  const jsx = find(sourceFile);
  if (jsx === undefined) return undefined;
  const message = 'JSX does not work in a cell. Build the HTML as text, and show it with display.html(…)';
  return { message, code: 0, start: jsx.getStart(sourceFile), end: jsx.end };
}
