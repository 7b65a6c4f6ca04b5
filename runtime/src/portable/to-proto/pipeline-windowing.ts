import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import type { WindowingStrategy as WindowingStrategyProto } from '../../proto/runner-api.ts';
import { windowingToProto, windowKind } from '../windowing/windowing-to-proto.ts';
import type { PipelineCoders } from './pipeline-coders.ts';

/**
 * The windowing strategies of a pipeline under construction, each once.
 *
 * Ids tell the kind of windows, with a number from the second on: "fixed", "fixed 2"; the same in each run.
 */
export class PipelineWindowing {
  readonly #coders: PipelineCoders;
  readonly #environmentId: string;
  /** By what it says. */
  readonly #ids = new Map<string, string>();
  readonly #protos = new Map<string, WindowingStrategyProto>();

  constructor(coders: PipelineCoders, environmentId: string) {
    this.#coders = coders;
    this.#environmentId = environmentId;
  }

  /** The id of a strategy. Two with the same windows on the wire that emit alike are the same. */
  idOf(windowing: WindowingStrategy): string {
    const windowCoderId = this.#coders.idOf(
      windowKind(windowing) === 'global' ? 'globalWindow' : 'intervalWindow',
    );
    const proto = windowingToProto(windowing, { windowCoderId, environmentId: this.#environmentId });
    const { windowFn, ...rest } = windowing;
    const said = JSON.stringify([windowFn.standard ?? 'custom', rest]);
    const known = this.#ids.get(said);
    if (known !== undefined) return known;
    const kind = windowFn.standard?.kind ?? 'custom';
    let id: string = kind;
    for (let number = 2; this.#protos.has(id); number++) id = `${kind} ${number}`;
    this.#ids.set(said, id);
    this.#protos.set(id, proto);
    return id;
  }

  toProto(): Record<string, WindowingStrategyProto> {
    return Object.fromEntries(this.#protos);
  }
}
