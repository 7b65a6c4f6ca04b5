export { PipelineError } from './errors.ts';
export { PCollection } from './model/pcollection.ts';
