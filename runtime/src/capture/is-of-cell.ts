import { isCells } from './resolve-name.ts';
import type { FunctionScopes } from './scopes.ts';

/** Whether a function was written in a cell: some variable around it holds the cells. */
export function isOfCell({ scopes }: Pick<FunctionScopes, 'scopes'>): boolean {
  return scopes.some(({ variables }) =>
    Object.keys(variables).some((name) => {
      try {
        return isCells(variables[name]);
      } catch {
        return false; // Node 24 refuses to read a `const` whose line has not run yet
      }
    }),
  );
}
