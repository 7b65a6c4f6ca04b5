import { runInThisContext } from 'node:vm';

/**
 * Runs a function body as a notebook runs a cell: as a script, with the object that holds all cells' names.
 *
 * Some function of the cell mentions that object, as in most cells: so they are known as cells at once.
 */
export function evaluate(body: string, filename = 'cell 1'): unknown {
  // The script is a function of the cells object.
  const cell = runInThisContext(`((CELLS) => { const known = () => CELLS; ${body}\n})`, { filename }) as (
    cells: object,
  ) => unknown;
  return cell({ [Symbol.for('millrace.cells')]: true });
}
