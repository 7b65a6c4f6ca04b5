import { createHash } from 'node:crypto';
import { CaptureError } from '../errors.ts';
import { bundleModule } from './bundle-module.ts';
import type { CapturedModule, CaptureRequest } from './captured-module.ts';
import { Refusal } from './refusal.ts';
import { emitModule } from './ship-emit.ts';
import type { Piece } from './ship-node.ts';
import { ShipWalk } from './ship-walk.ts';
import { threadTools } from './thread-tools.ts';

/**
 * Makes one ES module of live functions and values, with all that they close over.
 *
 * - Each object, function and class ships once: what was shared is shared there, cycles stay cycles.
 * - A variable that the shipped code assigns is a variable of the module: each worker thread has its own, which begins
 *   with the value that it has here now. All other variables ship as the values they have now.
 * - What a package exports is imported, and bundled; what Millrace, JavaScript and Node bring is the worker's own.
 * - No user code runs, neither here nor when the module is loaded: instances are made without their constructors.
 *
 * @throws {CaptureError} for what cannot ship, with the path to it: a socket, a promise, a WeakMap.
 */
export async function captureModule(request: CaptureRequest): Promise<CapturedModule> {
  const walk = new ShipWalk({ tools: threadTools, modules: request.modules, placeOf: () => undefined });
  const exports = new Map<string, Piece>();
  let code: string;
  try {
    for (const [name, value] of request.exports) {
      const step = request.subjects?.get(name) ?? `"${name}"`;
      exports.set(name, walk.refer(value, { parent: undefined, step, kind: 'export' }));
    }
    await walk.run();
    code = emitModule({ exports, nodes: walk.nodes });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { current } = walk;
    throw new CaptureError({
      path: current === undefined ? 'the values' : walk.describe(current),
      reason: error.message,
      hint: error.hint,
    });
  } finally {
    threadTools.inspector.release();
  }
  const bundled = await bundleModule(code, { directory: request.directory });
  const sha256 = createHash('sha256').update(bundled.code).digest('hex');
  return { ...bundled, sha256 };
}
