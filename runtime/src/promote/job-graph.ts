import type { GraphNode, GraphView } from '../display/graph-view.ts';
import type { JobMetrics, UserMetric } from '../portable/job/job-metrics.ts';
import type { Pipeline } from '../proto/runner-api.ts';

/** A job's graph, and how its parts are called in the portable pipeline. */
export interface JobGraph {
  readonly view: GraphView;
  /** Ids of the PCollections that a step makes, by the step's id in `view`. */
  readonly pcollections: ReadonlyMap<string, readonly string[]>;
}

/** A graph of a portable pipeline, whose node ids are its transforms' ids. */
export function jobGraph(view: GraphView, { components }: Pipeline): JobGraph {
  const outputsOf = (id: string) => Object.values(components?.transforms[id]?.outputs ?? {});
  return { view, pcollections: new Map(view.nodes.map(({ id }) => [id, outputsOf(id)])) };
}

/** What is known of one step of a job that runs. */
export interface StepProgress {
  /** Its full name. */
  readonly name: string;
  /** Elements that it gave so far; undefined where the runner does not say. */
  readonly elements: number | undefined;
  /** Milliseconds in the user's code, added up over all workers. */
  readonly ms: number | undefined;
  /** Errors that were told of it. */
  readonly errors: number;
}

/** What each step came to so far, in the graph's order; composites are left out. */
export function stepsOf(
  { view, pcollections }: JobGraph,
  metrics: JobMetrics | undefined,
  errors: ReadonlyMap<string, number>,
): readonly StepProgress[] {
  return view.nodes
    .filter(({ kind }) => kind !== 'composite')
    .map(({ id, fullName }) => ({
      name: fullName,
      elements: sum((pcollections.get(id) ?? []).map((pcollection) => metrics?.elements.get(pcollection))),
      ms: timeOf(fullName, metrics),
      errors: errors.get(fullName) ?? 0,
    }));
}

/** The graph with what its steps came to on them. */
export function annotate(
  graph: JobGraph,
  steps: readonly StepProgress[],
  {
    metrics,
    rows,
    state,
  }: {
    readonly metrics: JobMetrics | undefined;
    /** What the user's metrics came to, as texts. */
    readonly rows: readonly { readonly step: string; readonly name: string; readonly text: string }[];
    readonly state: 'running' | 'done' | 'ended';
  },
): GraphView {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const mark = (step: StepProgress | undefined): Pick<GraphNode, 'mark'> => {
    if (step === undefined) return {};
    if (step.errors > 0) return { mark: 'failed' };
    if (state === 'done') return { mark: 'done' };
    return state === 'running' && (step.elements ?? 0) > 0 ? { mark: 'running' } : {};
  };
  return {
    ...graph.view,
    nodes: graph.view.nodes.map((node) => {
      const step = byName.get(node.fullName);
      const own = rows.filter((row) => row.step === node.fullName);
      return {
        ...node,
        ...(step?.elements !== undefined && { elements: step.elements }),
        ...(own.length > 0 && { metrics: own.map(({ name, text }) => `${name} = ${text}`) }),
        ...mark(step),
      };
    }),
    edges: graph.view.edges.map((edge) => {
      const elements = metrics?.elements.get(`${edge.from}.${edge.label ?? 'main'}`);
      return { ...edge, ...(elements !== undefined && { elements }) };
    }),
  };
}

/** Metrics of the user's by the step that reported them: { "Map(parse)": { bad: 3 } }. */
export function byStep<T>(
  metrics: readonly UserMetric<T>[],
): Readonly<Record<string, Readonly<Record<string, T>>>> {
  const steps: Record<string, Record<string, T>> = {};
  for (const { transform, name, value } of metrics) (steps[transform] ??= {})[name] = value;
  return steps;
}

/** Of a step and of the parts that the portable form, or Prism ("eCount/Lift"), made of it: "Count/ToKV" counts for "Count". */
function timeOf(name: string, metrics: JobMetrics | undefined): number | undefined {
  if (metrics === undefined) return undefined;
  return sum(
    [...metrics.ms].flatMap(([id, ms]) =>
      id === name || id.startsWith(`${name}/`) || id.startsWith(`e${name}/`) ? [ms] : [],
    ),
  );
}

function sum(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, number) => total + number, 0);
}
