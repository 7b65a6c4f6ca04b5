import { byApplication } from '../graph/fragment.ts';
import { isShuffle } from '../graph/fuse.ts';
import type { Stage } from '../graph/plan.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { addTo } from './add-to.ts';
import { assignTimestampsOperator } from './assign-timestamps-operator.ts';
import { extractOperator } from './combine-operators.ts';
import type { CommitCallback } from './bundle-finalizers.ts';
import type { Metrics } from './metrics.ts';
import { EarlyStop } from './early-stop.ts';
import { flatMapOperator } from './flat-map-operator.ts';
import { FusedRun } from './fused-run.ts';
import { fusedRuns } from './fused-runs.ts';
import { freshStackAt, onFreshStack } from './long-chains.ts';
import { mapOrFilterOperator } from './map-or-filter-operator.ts';
import type { Operator, OperatorOptions } from './operator.ts';
import type { Pacer } from './pacer.ts';
import { parDoOperator } from './par-do-operator.ts';
import { clockCost, Port, Probe, SAMPLE_EVERY, type Consumer } from './port.ts';
import { requireKV } from './require-kv.ts';
import { reshuffleOperator } from './reshuffle-operator.ts';
import type { SideInputReader } from './side-input-reader.ts';
import type { RestrictionDriver } from './splittable/restriction-driver.ts';
import type { DueTimer, UserState } from './state/user-state.ts';
import { windowIntoOperator } from './window-into-operator.ts';

/** What a StageExecutor needs of the driver that runs it. */
export interface StageExecutorOptions {
  /** Full names. */
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  /** Takes the elements of a materialised PCollection. */
  readonly sinkOf: (pcollection: PCollection<unknown>) => Receiver | undefined;
  /** Takes what goes into a groupByKey or a combinePerKey. */
  readonly shuffleOf: (transform: AppliedPTransform) => Receiver<KV<unknown, unknown>>;
  readonly metrics: Metrics;
  readonly pacer: Pacer;
  /** Told of a failure in a user's async function at once; the same error also comes out of the bundle. */
  readonly onFailure: (error: unknown) => void;
  /** Takes what is to be called when the bundle under way is committed. */
  readonly onCommit?: (callback: CommitCallback) => void;
  /** The side inputs of a transform, by the name that its context gives them. */
  readonly sideInputOf?: (transform: AppliedPTransform, name: string) => SideInputReader | undefined;
  /** The state and timers of a transform that asks for some. */
  readonly userStateOf?: (transform: AppliedPTransform) => UserState | undefined;
  /** Who has the restrictions of a splittable transform worked on. */
  readonly restrictionsOf?: (transform: AppliedPTransform) => RestrictionDriver | undefined;
  /** Takes the elements of a PCollection that others look at. */
  readonly sideOf?: (pcollection: PCollection<unknown>) => Receiver | undefined;
  /** The operators of transforms that only this driver has; undefined for one that is to be run by its spec. */
  readonly operatorOf?: (transform: AppliedPTransform, options: OperatorOptions) => Operator | undefined;
  /** Looks at some of a PCollection's elements: the first few, and 1 of 64 after these. Must not throw. */
  readonly sampleOf?: (pcollection: PCollection<unknown>) => Receiver | undefined;
}

/** Time and elements of one transform or PCollection of a stage. */
export interface StageMeasures {
  /** By PCollection id. */
  readonly elements: ReadonlyMap<string, number>;
  /** By transform: estimated milliseconds in its own code. What is missing to the stage's time was spent in its input. */
  readonly selfMs: ReadonlyMap<AppliedPTransform, number>;
  /** Estimated milliseconds in sinks. */
  readonly sinksMs: number;
  /** By transform: milliseconds from the call of startBundle to its end. What has none is not there. */
  readonly startMs: ReadonlyMap<AppliedPTransform, number>;
  /** By transform: milliseconds from the call of finishBundle to its end, with all that follows from what it emits. */
  readonly finishMs: ReadonlyMap<AppliedPTransform, number>;
}

/**
 * Runs the bundles of one fused stage, one after the other: `setup`, then for each bundle `startBundle`, `receive` for
 * each element and `finishBundle`, at the end `teardown`.
 *
 * It knows neither where elements come from nor where they go; the embedded engine and the SDK harness are its
 * drivers. `receive` throws (or its promise rejects with) a PipelineError when the user's code fails, and EARLY_STOP
 * when no sink wants more.
 */
export class StageExecutor {
  /** Takes an element of the stage's input. */
  readonly receive: Receiver;
  readonly #stage: Stage;
  readonly #options: StageExecutorOptions;
  readonly #freshStackAt: ReadonlySet<string>;
  /** By the id of what it takes: a step of a fused run. */
  readonly #fused = new Map<string, FusedStep>();
  /** Producers first. */
  readonly #operators = new Map<AppliedPTransform, Operator>();
  readonly #ports = new Map<string, Port>();
  readonly #probes = new Map<AppliedPTransform, { readonly probe: Probe; calls: () => number }[]>();
  readonly #sinkProbes: { readonly probe: Probe; readonly port: () => Port }[] = [];
  readonly #startMs = new Map<AppliedPTransform, number>();
  readonly #finishMs = new Map<AppliedPTransform, number>();
  #isSetUp: Operator[] = [];

  constructor(stage: Stage, options: StageExecutorOptions) {
    this.#stage = stage;
    this.#options = options;
    this.#freshStackAt = freshStackAt(stage);
    for (const steps of fusedRuns(stage, this.#freshStackAt)) {
      const run = new FusedRun();
      for (const [index, { inputs }] of steps.entries()) {
        for (const { id } of inputs) this.#fused.set(id, { run, index, steps });
      }
    }
    // An operator is made after those that it calls.
    const made: [AppliedPTransform, Operator][] = [];
    for (const transform of [...stage.shuffles, ...stage.transforms].sort((a, b) => byApplication(b, a))) {
      const operator = this.#operator(transform);
      made.unshift([transform, operator]);
      this.#operators.set(transform, operator);
    }
    this.#operators = new Map(made);
    const head = this.#receiverOf(stage.head);
    const spec = stage.input.kind === 'shuffle' ? stage.input.transform.spec : undefined;
    if (stage.input.kind === 'shuffle' && spec?.kind === 'combinePerKey') {
      const outputs = new Map([['main', head]]);
      this.receive = extractOperator(spec.fn, this.#operatorOptions(stage.input.transform, outputs)).receive;
    } else {
      this.receive = head;
    }
  }

  /** Calls setup of all DoFns. */
  async setup(): Promise<void> {
    for (const operator of this.#operators.values()) {
      this.#isSetUp.push(operator);
      await operator.setup?.();
    }
  }

  async startBundle(): Promise<void> {
    for (const [transform, operator] of this.#operators) {
      if (operator.startBundle === undefined) continue;
      const start = performance.now();
      await operator.startBundle();
      addTo(this.#startMs, transform, performance.now() - start);
    }
  }

  /** Calls a transform of this stage for a timer that is due, within a bundle. */
  fireTimer(transform: AppliedPTransform, timer: DueTimer): void | Promise<void> {
    return this.#operators.get(transform)?.fireTimer?.(timer);
  }

  /** Waits for what is under way and lets all operators emit what they keep, producers first. */
  async finishBundle(): Promise<void> {
    for (const [transform, operator] of this.#operators) {
      if (operator.finishBundle === undefined) continue;
      const start = performance.now();
      try {
        await operator.finishBundle();
      } catch (error) {
        // Only this branch wants no more: the others must still finish.
        if (!(error instanceof EarlyStop)) throw error;
      }
      addTo(this.#finishMs, transform, performance.now() - start);
    }
  }

  /** Calls teardown of all DoFns that were set up; throws the first error, after the last call. */
  async teardown(): Promise<void> {
    const operators = this.#isSetUp;
    this.#isSetUp = [];
    const errors: unknown[] = [];
    await Promise.all(operators.map((operator) => operator.settle?.() ?? Promise.resolve()));
    for (const operator of operators) {
      try {
        await operator.teardown?.();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  /** What was measured so far. */
  measures(): StageMeasures {
    const elements = new Map<string, number>();
    // An output that another stage reads from elsewhere is not counted here as well.
    for (const [id, port] of this.#ports) if (this.#stage.consumers.has(id)) elements.set(id, port.count);
    if (this.#stage.input.kind === 'held') elements.delete(this.#stage.head.id); // the stage that held it counted it
    const clockMs = clockCost();
    const selfMs = new Map<AppliedPTransform, number>();
    for (const [transform, calls] of this.#probes) {
      const total = calls.reduce((sum, each) => sum + each.probe.estimate(each.calls(), clockMs), 0);
      const below = [...transform.outputs.values()].reduce(
        (sum, { id }) =>
          sum +
          (this.#stage.transforms.includes(transform) ? (this.#ports.get(id)?.consumersMs(clockMs) ?? 0) : 0),
        0,
      );
      selfMs.set(transform, Math.max(0, total - below));
    }
    const sinksMs = this.#sinkProbes.reduce(
      (sum, { probe, port }) => sum + probe.estimate(port().count, clockMs),
      0,
    );
    return { elements, selfMs, sinksMs, startMs: new Map(this.#startMs), finishMs: new Map(this.#finishMs) };
  }

  #operator(transform: AppliedPTransform): Operator {
    const { spec } = transform;
    const outputs = new Map<string, Receiver>();
    if (this.#stage.transforms.includes(transform)) {
      for (const [tag, output] of transform.outputs) {
        const receive = this.#receiverOf(output);
        outputs.set(tag, this.#freshStackAt.has(output.id) ? onFreshStack(receive) : receive);
      }
    }
    const options = this.#operatorOptions(transform, outputs);
    const own = this.#options.operatorOf?.(transform, options);
    if (own !== undefined) return own;
    if (this.#stage.shuffles.includes(transform) && !isShuffle(transform)) {
      return { receive: this.#options.shuffleOf(transform) as Receiver }; // it holds elements of any kind
    }
    switch (spec?.kind) {
      case 'map':
      case 'filter':
        return mapOrFilterOperator(spec, options);
      case 'flatMap':
        return flatMapOperator(spec, options);
      case 'parDo':
        return parDoOperator(spec, options);
      case 'assignTimestamps':
        return assignTimestampsOperator(spec, options);
      case 'windowInto':
        return windowIntoOperator(spec.windowing, options);
      case 'flatten':
        return { receive: outputs.get('main') ?? (() => undefined) };
      case 'reshuffle':
        return reshuffleOperator(spec, options);
      case 'combinePerKey':
      case 'groupByKey':
        return this.#toShuffle(transform, options);

      case 'create':
      case 'createWindowed':
      case 'read':
      case 'readUnbounded':
      case 'testStream':
      case undefined:
        throw new TypeError(
          `Cannot run "${options.name}" within a stage as it must take elements: received ${spec?.kind ?? 'a composite'}`,
        );
    }
  }

  #toShuffle(transform: AppliedPTransform, { name }: OperatorOptions): Operator {
    const shuffle = this.#options.shuffleOf(transform);
    return {
      receive: (element, timestamp, windows, pane) =>
        shuffle(requireKV(element, name), timestamp, windows, pane),
    };
  }

  #operatorOptions(transform: AppliedPTransform, outputs: ReadonlyMap<string, Receiver>): OperatorOptions {
    const { metrics, pacer, onFailure, onCommit, names, sideInputOf } = this.#options;
    const sideInputs = sideInputOf && ((side: string) => sideInputOf(transform, side));
    const name = names.get(transform) ?? transform.label;
    const userState = this.#options.userStateOf?.(transform);
    const inFlight = this.#fused.get(transform.inputs[0]?.id ?? '')?.run.inFlight;
    const restrictions = this.#options.restrictionsOf?.(transform);
    return {
      transform,
      name,
      outputs,
      metrics,
      pacer,
      onFailure,
      onCommit,
      sideInputs,
      userState,
      restrictions,
      inFlight,
    };
  }

  /** Takes the elements of a PCollection. */
  #receiverOf(pcollection: PCollection<unknown>): Receiver {
    const { id } = pcollection;
    const consumers: Consumer[] = [];
    const count = () => this.#ports.get(id)?.count ?? 0;
    for (const transform of this.#stage.consumers.get(id) ?? []) {
      const operator = this.#operators.get(transform);
      if (operator === undefined) continue;
      const probe = new Probe();
      consumers.push({ receive: operator.receive, probe });
      const probes = this.#probes.get(transform) ?? [];
      probes.push({ probe, calls: count });
      this.#probes.set(transform, probes);
    }
    if (this.#stage.materialised.includes(pcollection)) {
      const receive = this.#options.sinkOf(pcollection);
      const probe = new Probe();
      if (receive !== undefined) {
        consumers.push({ receive, probe });
        this.#sinkProbes.push({ probe, port: () => port });
      }
    }
    const side = this.#stage.sides.includes(pcollection) ? this.#options.sideOf?.(pcollection) : undefined;
    if (side !== undefined) consumers.push({ receive: side, probe: new Probe() });
    const fused = this.#fused.get(id);
    const phase = (this.#ports.size * 23) % SAMPLE_EVERY;
    const port = new Port({
      consumers,
      isUnlimited: this.#stage.unlimited.has(id),
      phase: fused?.index ?? phase,
      inRun: fused && { steps: fused.steps.length, passed: () => fused.run.passed(fused.index) },
      sample: this.#options.sampleOf?.(pcollection),
    });
    this.#ports.set(id, port);
    if (fused?.index !== 0) return port.receive;
    const steps = fused.steps.flatMap((transform) => this.#operators.get(transform)?.fusible ?? []);
    // A driver may have an operator of its own for one of them.
    if (steps.length < fused.steps.length) return port.receive;
    return fused.run.receiver(steps, { stepwise: port.receive, phase });
  }
}

/** Where a step is in a fused run. */
interface FusedStep {
  readonly run: FusedRun;
  readonly index: number;
  readonly steps: readonly AppliedPTransform[];
}
