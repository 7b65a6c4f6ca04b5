import { fullNames } from '../graph/names.ts';
import type { PCollection } from '../model/pcollection.ts';
import { notebookHost } from './notebook-host.ts';

/** What a view calls a PCollection: the variable's name in a notebook, else the step's. */
export function titleOf(pcollection: PCollection<unknown>): string {
  const variable = notebookHost()?.variableName?.(pcollection);
  if (variable !== undefined) return variable;
  const { producer } = pcollection;
  return fullNames([producer]).get(producer) ?? producer.label;
}
