import { types } from 'node:util';
import { isNative } from './builtins.ts';
import { parseFunction } from './function-source.ts';
import { madeByNode } from './live-objects.ts';
import { functionName } from './own-property.ts';
import { Refusal } from './refusal.ts';
import { isOfCell } from './is-of-cell.ts';
import { functionScopes } from './scopes.ts';
import type { Plan, ShipNode } from './ship-node.ts';
import { integrityOf, planProperties } from './ship-object.ts';
import { planFromSource } from './ship-source.ts';
import type { ShipWalk } from './ship-walk.ts';

const IDENTITY = Symbol.for('millrace.identity');

/**
 * Plans a function or class that is not JavaScript's, Node's or exported by Millrace.
 *
 * @returns Undefined if that is decided later: a method may be found in its class, a package may export it.
 * @throws {Refusal} if it cannot ship.
 */
export function planFunction(walk: ShipWalk, node: ShipNode): Plan | undefined {
  const fn = node.value as object; // the walk gives functions
  if (types.isProxy(fn)) throw new Refusal('is a Proxy', 'Give the function behind it');
  const { inspector, scripts, builtins } = walk.context.tools;
  const identity: unknown = Object.getOwnPropertyDescriptor(fn, IDENTITY)?.value;
  if (typeof identity === 'string') throw notebooksOwn();
  if (isNative(fn)) return planBound(walk, node);
  const parsed = parseFunction(Function.prototype.toString.call(fn));
  if (parsed.form !== 'expression' && walk.defer(node)) return undefined;
  const info = functionScopes(inspector, fn);
  if (info.kind === 'closure' && info.location !== undefined && !isOfCell(info)) {
    const origin = scripts.origin(info.location);
    if (origin.kind === 'node') {
      const name = builtins.nameInModules(fn);
      const code = name === undefined ? undefined : builtins.expressionOf(fn);
      if (code === undefined) throw refuseNodes(walk, node, origin.url);
      return { kind: 'code', code };
    }
    if (origin.kind === 'package' && origin.id.startsWith('@millrace/kernel')) {
      throw notebooksOwn();
    }
    if (origin.kind === 'package' && !origin.id.startsWith('millrace@')) {
      walk.leaveToPackage({ node, origin });
      return undefined;
    }
  }
  return planFromSource(walk, node);
}

/** A function of Node's inside; where it is the class of an instance, that is what cannot ship. */
function refuseNodes(walk: ShipWalk, node: ShipNode, url: string): Refusal {
  const prototype = node.found.step === '.constructor' ? node.found.parent : undefined;
  const instance = prototype?.found.step === '.__proto__' ? prototype.found.parent : undefined;
  if (instance === undefined) return new Refusal(`was made by ${url}, and what it holds cannot be read`);
  walk.blame(instance);
  return madeByNode([functionName(node.value as object)]); // a function is an object
}

function notebooksOwn(): Refusal {
  return new Refusal('belongs to the notebook, and a worker has none', 'Do without it in what is shipped');
}

function planBound(walk: ShipWalk, node: ShipNode): Plan {
  const fn = node.value as object; // the walk gives functions
  const bound = functionScopes(walk.context.tools.inspector, fn);
  if (bound.kind !== 'bound') throw new Refusal('is a native function that is not known');
  const refer = (value: unknown, step: string) => walk.refer(value, { parent: node, step, kind: 'key' });
  const boundThis = refer(bound.boundThis, '.[[BoundThis]]');
  // The inspector's own list of the arguments.
  const boundArgs = (bound.boundArgs as readonly unknown[]).map((arg, at) =>
    refer(arg, `.[[BoundArgs]][${at}]`),
  );
  const target = refer(bound.target, '.[[TargetFunction]]');
  const except = (key: string | symbol) => key === 'length' || key === 'name';
  const properties = planProperties(walk, node, { except });
  return { kind: 'bound', target, boundThis, boundArgs, properties, integrity: integrityOf(fn) };
}
