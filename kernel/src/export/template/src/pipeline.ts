import * as beam from 'millrace';
import type { PipelineOptions } from './options.ts';
import type { Outputs } from './outputs.ts';

interface Built {
  readonly pipeline: beam.Pipeline;
  readonly outputs: Outputs;
}

/** Builds the pipeline, and does not run it. A notebook's own may be async. */
export function buildPipeline(options: PipelineOptions): Built | Promise<Built> {
  const { input } = options;
  const p = beam.pipeline('template');
  const lines = p.apply(beam.io.readFromText(input));
  return { pipeline: p, outputs: { lines } };
}
