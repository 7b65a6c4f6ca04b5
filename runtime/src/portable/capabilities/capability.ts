/** What a pipeline can need of a runner, and a runner have: a row of Beam's capability matrix, or a category of its tests. */
export type Capability = keyof typeof CAPABILITY_ROWS;

const TESTS = "category of Beam's own tests";

/**
 * The rows by our names for them: which question each belongs to, and what Beam calls it.
 *
 * The matrix says nothing of test streams: Beam's runners name the categories of its tests that they leave out.
 *
 * @see https://beam.apache.org/documentation/runners/capability-matrix/ and org.apache.beam.sdk.testing.UsesTestStream
 */
export const CAPABILITY_ROWS = {
  parDo: ['What is being computed?', 'ParDo'],
  groupByKey: ['What is being computed?', 'GroupByKey'],
  flatten: ['What is being computed?', 'Flatten'],
  combine: ['What is being computed?', 'Combine'],
  composites: ['What is being computed?', 'Composite Transforms'],
  sideInputs: ['What is being computed?', 'Side Inputs'],
  sources: ['What is being computed?', 'Source API'],
  metrics: ['What is being computed?', 'Metrics'],
  state: ['What is being computed?', 'Stateful Processing'],
  boundedSplittable: ['Bounded Splittable DoFn support status', 'Base'],
  unboundedSplittable: ['Unbounded Splittable DoFn support status', 'Base'],
  bundleFinalization: ['Unbounded Splittable DoFn support status', 'Bundle Finalization'],
  globalWindows: ['Where in event time?', 'Global windows'],
  fixedWindows: ['Where in event time?', 'Fixed windows'],
  slidingWindows: ['Where in event time?', 'Sliding windows'],
  sessionWindows: ['Where in event time?', 'Session windows'],
  customWindows: ['Where in event time?', 'Custom windows'],
  customMergingWindows: ['Where in event time?', 'Custom merging windows'],
  timestampControl: ['Where in event time?', 'Timestamp control'],
  triggers: ['When in processing time?', 'Configurable triggering'],
  eventTimeTriggers: ['When in processing time?', 'Event-time triggers'],
  processingTimeTriggers: ['When in processing time?', 'Processing-time triggers'],
  countTriggers: ['When in processing time?', 'Count triggers'],
  compositeTriggers: ['When in processing time?', 'Composite triggers'],
  allowedLateness: ['When in processing time?', 'Allowed lateness'],
  timers: ['When in processing time?', 'Timers'],
  discarding: ['How do refinements relate?', 'Discarding'],
  accumulating: ['How do refinements relate?', 'Accumulating'],
  drain: ['Additional common features not yet part of the Beam model', 'Drain'],
  checkpoint: ['Additional common features not yet part of the Beam model', 'Checkpoint'],
  testStream: [TESTS, 'UsesTestStream'],
  testStreamProcessingTime: [TESTS, 'UsesTestStreamWithProcessingTime'],
} as const satisfies Readonly<Record<string, readonly [question: string, row: string]>>;

/** A row as a sentence names it: `"Custom windows" (Where in event time?) of Beam's capability matrix`. */
export function rowText(capability: Capability): string {
  const [question, row] = CAPABILITY_ROWS[capability];
  return question === TESTS ? `"${row}" (${question})` : `"${row}" (${question}) of Beam's capability matrix`;
}
