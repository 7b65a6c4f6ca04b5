import { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { environment } from './environment.ts';
import { notebookHost } from './notebook-host.ts';
import { watchedNames } from './watch.ts';

/** A pipeline or PCollection that has a name. */
export type Inspectable =
  | { readonly kind: 'Pipeline'; readonly name: string; readonly value: Pipeline }
  | { readonly kind: 'PCollection'; readonly name: string; readonly value: PCollection<unknown> };

/**
 * The pipelines and PCollections that the notebook's variables hold, or that are watched, by name: what can be shown,
 * collected and explained now. Runs nothing.
 *
 * - Order: pipelines as they were begun, each before its PCollections in the order of application.
 * - A value with several names has the first. A variable that was assigned anew no longer names what it held; what a
 *   variable holds within another object or array has a name only if that is watched.
 * - In a script, or another kernel, there are only the watched ones.
 */
export function inspectables(): readonly Inspectable[] {
  const host = notebookHost();
  const watched = watchedNames();
  const pipelines = new Set(environment.pipelines());
  for (const value of watched.keys()) pipelines.add(value instanceof PCollection ? value.pipeline : value);
  const nameOf = (value: Pipeline | PCollection<unknown>) =>
    host?.variableName?.(value) ?? watched.get(value);
  const found: Inspectable[] = [];
  for (const pipeline of pipelines) {
    const name = nameOf(pipeline);
    if (name !== undefined) found.push({ kind: 'Pipeline', name, value: pipeline });
    const pcollections = new Set(pipeline.transforms.flatMap(({ outputs }) => [...outputs.values()]));
    for (const pcollection of pcollections) {
      const own = nameOf(pcollection);
      if (own !== undefined) found.push({ kind: 'PCollection', name: own, value: pcollection });
    }
  }
  return found;
}
