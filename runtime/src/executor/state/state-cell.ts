import type { StateSpec } from '../../model/state.ts';
import type { KeyIdentity } from '../../coders/key-identity.ts';
import { BagCell } from './bag-cell.ts';
import { CombiningCell } from './combining-cell.ts';
import { MapCell } from './map-cell.ts';
import { MultimapCell } from './multimap-cell.ts';
import { OrderedListCell } from './ordered-list-cell.ts';
import { SetCell } from './set-cell.ts';
import type { StateLog } from './state-log.ts';
import { ValueCell } from './value-cell.ts';

/** The state of one spec, key and window: what a user's function is given. */
export interface StateCell {
  clear(): void;
  /** What a log that makes it anew has. */
  entries(): Iterable<unknown>;
  /** Appends to its log what is not there yet, at a bundle's end. */
  commit?(): void;
}

/** Makes the state that a spec asks for, of what its log has. */
export function stateCell(
  { stateKind, combineFn }: Pick<StateSpec<unknown>, 'stateKind' | 'combineFn'>,
  { log, identity }: { readonly log: StateLog; readonly identity: KeyIdentity },
): StateCell {
  switch (stateKind) {
    case 'value':
      return new ValueCell(log);
    case 'bag':
      return new BagCell(log);
    case 'set':
      return new SetCell(log, identity);
    case 'map':
      return new MapCell(log, identity);
    case 'multimap':
      return new MultimapCell(log, identity);
    case 'orderedList':
      return new OrderedListCell(log);
    case 'combining':
      if (combineFn === undefined)
        throw new TypeError('Cannot make combining state as it takes a CombineFn: received none');
      return new CombiningCell(log, combineFn);
  }
}
