/**
 * The worker of a portable runner: what runs user code of a job.
 *
 * @module
 */
export { runWorker, type RunWorkerContext } from './portable/worker/run-worker.ts';
export { startWorkerPool, type WorkerPool, type WorkerPoolOptions } from './portable/worker/worker-pool.ts';
export { workerOptionsFrom, type WorkerOptions } from './portable/worker/worker-options.ts';
export { workerProcess } from './portable/worker/worker-process.ts';
export { dockerfile, type DockerfileOptions } from './portable/worker/dockerfile.ts';
export { workerCommand, type WorkerCommandOptions } from './portable/worker/worker-command.ts';
