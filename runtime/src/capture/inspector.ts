import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { Refusal } from './refusal.ts';

/** A value as the inspector describes it: by value when primitive, else by an id that lives until `release`. */
export interface RemoteObject {
  readonly type: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly objectId?: string;
}

/** One property, internal or private, as the inspector describes it; accessors have no value. */
export interface RemoteProperty {
  readonly name: string;
  readonly value?: RemoteObject;
  /** There if the key is a symbol. */
  readonly symbol?: RemoteObject;
}

interface Properties {
  readonly internalProperties?: readonly RemoteProperty[];
  readonly privateProperties?: readonly RemoteProperty[];
}

/** How live values go to the inspector and come back: it sees `given`, and fills `taken`. */
interface Exchange {
  given: unknown;
  taken: unknown[];
}

/** What the inspector tells of a script. */
export interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

const GROUP = 'millrace.capture';
const DOOR = Symbol.for('millrace.capture.exchange');

/**
 * A session of V8's inspector with the very thread it runs in.
 *
 * It reads what JavaScript cannot: a function's scopes, private fields, the parts of a bound function. All calls
 * are synchronous, no getter is called and no user code runs. Other sessions of the process are not disturbed.
 * It is connected at the first use and until `dispose`; what it was asked about is released by `release`.
 */
export class ThreadInspector {
  #session: Session | undefined;
  #exchange: Exchange = { given: undefined, taken: [] };
  #exchangeId: string | undefined;

  /** What the inspector knows of `value` beside its ordinary properties. */
  properties(value: object): Properties {
    const id = this.#idOf(value);
    // The protocol's own answer to this method.
    return this.post('Runtime.getProperties', { objectId: id, ownProperties: true }) as Properties;
  }

  /** The names of an array's properties that are no indices. */
  namesBesideIndices(value: object): string[] {
    const answer = this.post('Runtime.getProperties', {
      objectId: this.#idOf(value),
      ownProperties: true,
      nonIndexedPropertiesOnly: true,
    });
    // The protocol's own answer to this method; symbols are named like "Symbol(a)".
    return (answer as { readonly result: readonly RemoteProperty[] }).result
      .filter(({ symbol }) => symbol === undefined)
      .map(({ name }) => name);
  }

  /** The live values that `remote` stands for. */
  values(remote: readonly RemoteObject[]): unknown[] {
    return this.#take(remote, 'function (...values) { this.taken.push(...values); }');
  }

  /** The entries of a `[[Scopes]]` list, innermost first; the global scope comes without its object. */
  scopes(list: RemoteObject): { readonly description: string; readonly variables: object | undefined }[] {
    const taken = this.#take(
      [list],
      `function (scopes) {
        for (let i = 0; i < scopes.length; i++) {
          const description = scopes[i].description;
          const variables = description.startsWith('Global') ? undefined : scopes[i].object;
          this.taken.push({ description, variables });
        }
      }`,
    );
    // Made by the function above.
    return taken as { readonly description: string; readonly variables: object | undefined }[];
  }

  /** A snapshot of the heap, as JSON, and the ids that it has for `objects`. Costs a second for each 100 MB. */
  heapSnapshot(objects: readonly object[]): { readonly json: string; readonly ids: readonly number[] } {
    const handles = objects.map((object) => this.#idOf(object));
    // The inspector's own takeHeapSnapshot answers later on Node 24; this one is there when it returns.
    const folder = mkdtempSync(join(tmpdir(), 'millrace-heap-'));
    try {
      const json = readFileSync(writeHeapSnapshot(join(folder, 'heap.heapsnapshot')), 'utf8');
      const ids = handles.map((objectId) => {
        // The protocol's own answer to this method.
        const answer = this.post('HeapProfiler.getHeapObjectId', { objectId });
        return Number((answer as { readonly heapSnapshotObjectId: string }).heapSnapshotObjectId);
      });
      return { json, ids };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG') {
        throw new Refusal('may share a variable, and the heap is too large to tell');
      }
      throw error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Forgets all objects that it holds, so that they can be collected. */
  release(): void {
    if (this.#session === undefined) return;
    this.#exchange.given = undefined;
    this.#exchange.taken = [];
    this.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  }

  /** Disconnects; the next use connects again. */
  dispose(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    this.#exchangeId = undefined;
    this.#exchange = { given: undefined, taken: [] };
  }

  /** Runs `work` with each script that the thread has loaded, and those to come, reported to `onScript`. */
  withDebugger(work: () => void, onScript: (script: ParsedScript) => void): void {
    const session = this.#connect();
    const listener = ({ params }: { params: ParsedScript }) => onScript(params);
    session.on('Debugger.scriptParsed', listener);
    try {
      // An interrupt may have ended the last use before its end; only a new start lists all scripts.
      this.post('Debugger.disable');
      this.post('Debugger.enable');
      // A `debugger` statement of the user would stop the thread with nobody to resume it.
      this.post('Debugger.setSkipAllPauses', { skip: true });
      work();
    } finally {
      this.post('Debugger.disable');
      session.off('Debugger.scriptParsed', listener);
    }
  }

  /** Sends one command and returns its result. */
  post(method: string, params: object = {}): unknown {
    const session = this.#connect();
    let outcome: { readonly error: Error | null; readonly result: unknown } | undefined;
    session.post(method, params, (error, result) => {
      outcome = { error, result };
    });
    if (outcome === undefined) throw new Refusal('cannot be read as the inspector did not answer');
    if (outcome.error !== null) {
      throw new Refusal(
        `cannot be read as the inspector refused ${method}: ${JSON.stringify(outcome.error)}`,
      );
    }
    return outcome.result;
  }

  #connect(): Session {
    if (this.#session !== undefined) return this.#session;
    try {
      const session = new Session();
      session.connect();
      this.#session = session;
      return session;
    } catch (error) {
      throw new Refusal(
        `cannot be read as this Node has no inspector (${error instanceof Error ? error.message : String(error)})`,
      );
    }
  }

  #idOf(value: object): string {
    this.#exchange.given = value;
    return this.#objectId('Runtime.callFunctionOn', {
      objectId: this.#exchangeObject(),
      functionDeclaration: 'function () { return this.given; }',
      objectGroup: GROUP,
      silent: true,
    });
  }

  #take(remote: readonly RemoteObject[], functionDeclaration: string): unknown[] {
    this.#exchange.taken = [];
    this.post('Runtime.callFunctionOn', {
      objectId: this.#exchangeObject(),
      functionDeclaration,
      arguments: remote.map(({ objectId, unserializableValue, value }) =>
        objectId !== undefined
          ? { objectId }
          : unserializableValue !== undefined
            ? { unserializableValue }
            : { value },
      ),
      objectGroup: GROUP,
      silent: true,
    });
    return this.#exchange.taken;
  }

  /** The id of the exchange, which goes through a global property once for each session. */
  #exchangeObject(): string {
    if (this.#exchangeId !== undefined) return this.#exchangeId;
    Object.defineProperty(globalThis, DOOR, { value: this.#exchange, configurable: true });
    try {
      this.#exchangeId = this.#objectId('Runtime.evaluate', {
        expression: `globalThis[Symbol.for('${DOOR.description ?? ''}')]`,
        silent: true,
      });
      return this.#exchangeId;
    } finally {
      Reflect.deleteProperty(globalThis, DOOR);
    }
  }

  #objectId(method: string, params: object): string {
    // The protocol's own answer to both methods that come here.
    const { result } = this.post(method, params) as { readonly result: RemoteObject };
    if (result.objectId === undefined) throw new Refusal('cannot be read by the inspector');
    return result.objectId;
  }
}
