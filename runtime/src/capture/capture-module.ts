import { createHash } from 'node:crypto';
import { CaptureError } from '../errors.ts';
import type { GenMapping } from '@jridgewell/gen-mapping';
import { bundleModule, MODULE } from './bundle-module.ts';
import type { CapturedModule, CaptureRequest } from './captured-module.ts';
import { Refusal } from './refusal.ts';
import { composeMaps, mapOfModule } from './module-map.ts';
import { emitModule, type EmittedModule } from './ship-emit.ts';
import type { Piece } from './ship-node.ts';
import { ShipWalk } from './ship-walk.ts';
import { SourcePlaces } from './source-places.ts';
import { threadTools } from './thread-tools.ts';

/**
 * Makes one ES module of live functions and values, with all that they close over.
 *
 * - Each object, function and class ships once: what was shared is shared there, cycles stay cycles.
 * - A variable that the shipped code assigns is a variable of the module: each worker thread has its own, which begins
 *   with the value that it has here now. All other variables ship as the values they have now.
 * - What a package exports is imported, and bundled; what Millrace, JavaScript and Node bring is the worker's own.
 * - Of a WeakMap or WeakSet those entries ship whose key ships anyway: nothing there can ask for the others.
 * - No user code runs, neither here nor when the module is loaded: instances are made without their constructors.
 *
 * @throws {CaptureError} for what cannot ship, with the path to it: a socket, a promise, a Proxy.
 */
export async function captureModule(request: CaptureRequest): Promise<CapturedModule> {
  const { scripts } = threadTools;
  const places = new SourcePlaces({ scripts, directory: request.directory, sourceOf: request.sourceOf });
  const walk = new ShipWalk({ tools: threadTools, modules: request.modules, places });
  const exports = new Map<string, Piece>();
  let emitted: EmittedModule;
  let map: GenMapping;
  try {
    for (const [name, value] of request.exports) {
      const step = request.subjects?.get(name) ?? `"${name}"`;
      exports.set(name, walk.refer(value, { parent: undefined, step, kind: 'export' }));
    }
    await walk.run();
    emitted = emitModule({ exports, nodes: walk.nodes });
    map = mapOfModule(emitted, places);
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
  const { code, sourceMap, nativePackages } = await bundleModule(emitted.code, {
    directory: request.directory,
  });
  const sha256 = createHash('sha256').update(code).digest('hex');
  return { code, sourceMap: composeMaps(sourceMap, MODULE, map), sha256, nativePackages };
}
