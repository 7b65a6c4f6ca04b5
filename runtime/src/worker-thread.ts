/**
 * The script of a bundle thread: gives captured modules the worker's own copy of Millrace, then obeys.
 *
 * @module
 */
import './worker-modules.ts';
import './portable/worker/bundle-thread.ts';
