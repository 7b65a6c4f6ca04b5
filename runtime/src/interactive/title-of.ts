import { fullNames } from '../graph/names.ts';
import type { PCollection } from '../model/pcollection.ts';
import { notebookHost } from './notebook-host.ts';
import { watchedNames } from './watch.ts';

/** What a view calls a PCollection: the variable's name in a notebook, else the name that it is watched by, else the step's. */
export function titleOf(pcollection: PCollection<unknown>): string {
  const name = notebookHost()?.variableName?.(pcollection) ?? watchedNames().get(pcollection);
  if (name !== undefined) return name;
  const { producer } = pcollection;
  return fullNames([producer]).get(producer) ?? producer.label;
}
