/**
 * TypeScript itself. The other files import it as `#typescript`, which package.json maps to this file and, for types,
 * to the package.
 *
 * @module
 */
import { createRequire } from 'node:module';
import type ts from 'typescript';
import { compiledCodeFolder, loadCompiled } from './compiled-module.ts';

const compiler = loadCompiled(createRequire(import.meta.url).resolve('typescript'), compiledCodeFolder());

/** Keeps TypeScript's compiled code for the next kernel. */
export const keepCompiled = (): void => compiler.keep();

export default compiler.exports as typeof ts; // what the package's own declarations say
