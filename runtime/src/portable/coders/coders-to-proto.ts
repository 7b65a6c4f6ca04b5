import { create } from '@bufbuild/protobuf';

import type { Coder } from '../../coders/coder.ts';
import { CoderSchema, type Coder as CoderProto } from '../../proto/runner-api.ts';

/**
 * The coders of a pipeline, each kind once.
 *
 * Ids tell what a coder is made of, and are the same in each run: "kv(key,value)".
 */
export class CoderTable {
  readonly #protos = new Map<string, CoderProto>();
  /** By what they are: ids of coders whose names are alike. */
  readonly #ids = new Map<string, string>();

  /** Gives the id of a coder, which is added with its components if it is not there yet. */
  add(coder: Coder): string {
    const componentCoderIds = coder.components.map((component) => this.add(component));
    const payload = coder.payload ?? new Uint8Array();
    const identity = JSON.stringify([coder.urn, Buffer.from(payload).toString('base64'), componentCoderIds]);
    const known = this.#ids.get(identity);
    if (known !== undefined) return known;
    const name =
      shortName(coder.urn) + (componentCoderIds.length === 0 ? '' : `(${componentCoderIds.join(',')})`);
    let id = name;
    for (let number = 2; this.#protos.has(id); number++) id = `${name}#${number}`;
    this.#ids.set(identity, id);
    this.#protos.set(id, create(CoderSchema, { spec: { urn: coder.urn, payload }, componentCoderIds }));
    return id;
  }

  /** All coders by id: Components.coders of the proto. */
  toProto(): Record<string, CoderProto> {
    return Object.fromEntries(this.#protos);
  }
}

/** "beam:coder:kv:v1" to "kv". */
function shortName(urn: string): string {
  return /^[^:]+:coder:(.+):v\d+$/.exec(urn)?.[1] ?? urn;
}
