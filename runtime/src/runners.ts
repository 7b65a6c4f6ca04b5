/**
 * Portable runners on this machine: how they are fetched, started and stopped.
 *
 * @module
 */
export { flinkDown, flinkStatus, flinkUp, type FlinkStatus, type FlinkUpOptions } from './runners/flink.ts';
export { FLINK_RUNNER_VERSION, FLINK_VERSION } from './runners/flink-jars.ts';
export { flinkLib, getFlink } from './runners/get-flink.ts';
export { getPrism, prismProgram, PRISM_VERSION, type GetOptions } from './runners/get-prism.ts';
export { millraceHome } from './runners/home.ts';
export type { LocalRunner, RunnerProcess } from './runners/local-runner.ts';
export { findPrism, startPrism, stopPrism, type StartPrismOptions } from './runners/prism.ts';
