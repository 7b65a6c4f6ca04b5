import { graphBundle } from '../display/graph-bundle.ts';
import type { MimeBundle } from '../display/mime-bundle.ts';
import { fragment } from '../graph/fragment.ts';
import { leaves } from '../graph/leaves.ts';
import { fullNames } from '../graph/names.ts';
import { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { environment } from './environment.ts';
import { graphView } from './graph-view.ts';
import { notebookHost } from './notebook-host.ts';
import type { Steps, StepStats } from './steps.ts';
import { views, type ViewOptions } from './view.ts';

/**
 * Computes PCollections, all in one run, and shows each: table, statistics, chart and graph.
 *
 * In a notebook the views are outputs of the cell; in a script they are printed as text.
 *
 * @param args PCollections, then options if any.
 * @throws {PipelineError} what the user can mend.
 */
export async function show(...args: (PCollection<unknown> | ViewOptions)[]): Promise<void> {
  const pcollections: PCollection<unknown>[] = [];
  const others: ViewOptions[] = [];
  for (const arg of args) {
    if (arg instanceof PCollection) pcollections.push(arg);
    else others.push(arg);
  }
  if (pcollections.length === 0 || others.length > 1) {
    throw new TypeError('Cannot show as it takes PCollections, then options: received something else');
  }
  for (const bundle of await views(pcollections, others[0])) put(bundle);
}

/**
 * Shows the graph of steps that makes a PCollection, or of a whole pipeline, with what is known of the last
 * execution; runs nothing.
 */
export async function showGraph(what: PCollection<unknown> | Pipeline): Promise<void> {
  const targets = what instanceof PCollection ? [what] : leaves(what);
  put(await graphBundle(graphView(targets, knownSteps(targets))));
}

function knownSteps(targets: readonly PCollection<unknown>[]): Steps {
  const { transforms } = fragment(targets);
  const names = fullNames(transforms);
  const steps: Record<string, StepStats> = {};
  for (const transform of transforms) {
    const step = environment.lastSteps.get(transform);
    if (step !== undefined) steps[names.get(transform) ?? transform.label] = step;
  }
  return steps;
}

function put(bundle: MimeBundle): void {
  const host = notebookHost();
  if (host !== undefined) host.display(bundle);
  else console.log(bundle.data['text/plain']);
}
