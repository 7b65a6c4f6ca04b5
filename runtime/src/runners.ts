/**
 * Portable runners on this machine: how they are fetched, started and stopped.
 *
 * @module
 */
export {};
