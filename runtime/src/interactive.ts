/**
 * The interactive runner: looking at PCollections while a pipeline is being written, and promoting it to a job.
 *
 * `import * as ib from 'millrace/interactive'`; the names are Interactive Beam's, in camelCase.
 *
 * @module
 */
export * from './interactive/index.ts';
