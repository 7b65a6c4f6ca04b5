import { PipelineAssertionError, PipelineError, UserCodeError } from '../errors.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { Receiver } from '../model/windowed-value.ts';
import type { CommitCallback } from './bundle-finalizers.ts';
import type { Metrics } from './metrics.ts';
import type { Pacer } from './pacer.ts';
import type { SideInputReader } from './side-input-reader.ts';
import type { RestrictionDriver } from './splittable/restriction-driver.ts';
import type { DueTimer, UserState } from './state/user-state.ts';

/** One transform of a fused stage, ready to run: the only place that calls its user's functions. */
export interface Operator {
  /** Takes an element; calls the next operators itself. */
  readonly receive: Receiver;
  /** What it does, if it can be one function with the steps beside it. */
  readonly fusible?: FusibleStep | undefined;
  /** Calls the user for a timer that is due. */
  readonly fireTimer?: (timer: DueTimer) => void | Promise<void>;
  setup?(): void | PromiseLike<void>;
  startBundle?(): void | PromiseLike<void>;
  /** Emits all that it kept back. */
  finishBundle?(): void | Promise<void>;
  /** Waits for calls still under way after a failure. */
  settle?(): Promise<void>;
  teardown?(): void | PromiseLike<void>;
}

/** A map or filter whose context is the same for all elements. */
export interface FusibleStep {
  readonly method: 'map' | 'filter';
  readonly fn: (element: unknown, context: object) => unknown;
  readonly context: object;
  readonly out: Receiver;
  /** The error for what the function threw. */
  failed(cause: unknown, element: unknown): PipelineError;
  /** Does what follows from what the function gave for an element, which may be a promise. */
  goOn(result: unknown, ...element: Parameters<Receiver>): void | Promise<void>;
}

/** What an operator is made of. */
export interface OperatorOptions {
  readonly transform: AppliedPTransform;
  /** Its full name. */
  readonly name: string;
  /** Takes what it emits, by tag. */
  readonly outputs: ReadonlyMap<string, Receiver>;
  readonly metrics: Metrics;
  readonly pacer: Pacer;
  /** Its side inputs, by the name that its context gives them. */
  readonly sideInputs?: ((name: string) => SideInputReader | undefined) | undefined;
  /** Its state and timers, if it asks for any. */
  readonly userState?: UserState | undefined;
  /** Who has its restrictions worked on, if its DoFn is splittable. */
  readonly restrictions?: RestrictionDriver | undefined;
  /** Takes what is to be called when the bundle under way is committed. */
  readonly onCommit?: ((callback: CommitCallback) => void) | undefined;
  /** Counts the calls under way, with those of other operators. */
  readonly inFlight?: { open: number } | undefined;
  /** Told of a failure outside any call to the operator: in an async function. */
  readonly onFailure: (error: unknown) => void;
}

/** The error for what a user's function threw; a PipelineError says what is wrong itself and stays as it is. */
export function userError(
  { name, transform }: Pick<OperatorOptions, 'name' | 'transform'>,
  method: string,
  thrown: { readonly cause: unknown; readonly element?: unknown },
): PipelineError {
  if (thrown.cause instanceof PipelineAssertionError && thrown.cause.appliedAt === undefined) {
    const { message, cause } = thrown.cause;
    return new PipelineAssertionError(message, {
      transform: name,
      appliedAt: transform.appliedAt.stack,
      cause,
    });
  }
  if (thrown.cause instanceof PipelineError) return thrown.cause;
  return new UserCodeError({
    transform: name,
    method,
    element: thrown.element,
    cause: thrown.cause,
    appliedAt: transform.appliedAt.stack,
  });
}

/** What a call of a user's async function comes to; what it throws names the transform and the element. */
export async function settled(
  result: unknown,
  options: Pick<OperatorOptions, 'name' | 'transform'>,
  { method, element }: { readonly method: string; readonly element: unknown },
): Promise<unknown> {
  try {
    return await result;
  } catch (cause) {
    throw userError(options, method, { cause, element });
  }
}

/** The receiver of the main output. */
export function mainOutput({ outputs, name }: OperatorOptions): Receiver {
  const main = outputs.get('main');
  if (main === undefined)
    throw new TypeError(`Cannot run "${name}" as it must have a main output: received none`);
  return main;
}
