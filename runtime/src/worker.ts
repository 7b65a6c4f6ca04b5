/**
 * The worker of a portable runner: what runs user code of a job.
 *
 * @module
 */
export {};
