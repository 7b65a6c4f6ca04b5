import type { GraphView } from './graph-view.ts';

/** How a job looks from afar. */
export type JobTone = 'waiting' | 'running' | 'done' | 'failed' | 'stopped';

/** One step of a job. */
export interface JobStepView {
  /** Its full name. */
  readonly name: string;
  /** Elements that it gave so far; undefined where the runner does not say. */
  readonly elements: number | undefined;
  /** Elements that it gave in the last seconds, per second; of a job that ended, over all of its time. */
  readonly perSecond: number | undefined;
  /** Milliseconds in the user's code, added up over all workers. */
  readonly ms: number | undefined;
  readonly errors: number;
}

/** A counter of a job. */
export interface JobCounterView {
  readonly step: string;
  readonly name: string;
  /** What is committed, else what is attempted. */
  readonly value: number;
  /** What is attempted, where the runner tells both and they differ. */
  readonly attempted?: number | undefined;
}

/** A job as its display shows it, at one moment. */
export interface JobView {
  readonly name: string;
  readonly id: string;
  /** "Prism" … */
  readonly runner: string;
  readonly endpoint: string;
  /** Beam's word: "RUNNING". */
  readonly state: string;
  readonly tone: JobTone;
  /** States so far; times in milliseconds since the epoch. */
  readonly states: readonly { readonly state: string; readonly at: number }[];
  /** Since it was submitted, or first seen, until its end; undefined for one that was over then. */
  readonly elapsedMs: number | undefined;
  /** Undefined where the runner does not give the pipeline. */
  readonly graph: GraphView | undefined;
  readonly steps: readonly JobStepView[];
  readonly counters: readonly JobCounterView[];
  /** Distributions, gauges and string sets, as texts. */
  readonly otherMetrics?: readonly { readonly step: string; readonly name: string; readonly text: string }[];
  /** How far the watermark is behind the clock, in milliseconds; undefined where the runner does not say. */
  readonly watermarkLagMs: number | undefined;
  /** The last ones. */
  readonly messages: readonly { readonly importance: string; readonly text: string }[];
  /** What its reader should know: "Flink tells element counts at the end". */
  readonly notes: readonly string[];
  /** The description of the error that ended it, line by line. */
  readonly error: readonly string[] | undefined;
}
