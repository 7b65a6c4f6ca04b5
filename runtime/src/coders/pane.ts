import { NO_FIRING, type PaneInfo } from '../model/pane-info.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';

/** In the order of Beam's numbers. */
const TIMINGS = ['early', 'onTime', 'late', 'unknown'] as const;

/** The second half of the first byte: which of the two indices follow. */
const FIRST = 0;
const ONE_INDEX = 1;
const TWO_INDICES = 2;

/** Writes a PaneInfo as Beam does: a byte of flags, then the indices that these do not imply. */
export function encodePane(pane: PaneInfo, to: OutputBytes): void {
  if (pane === NO_FIRING) {
    to.byte(0x0f);
    return;
  }
  const { timing, index, onTimeIndex } = pane;
  const flags = (pane.isFirst ? 1 : 0) | (pane.isLast ? 2 : 0) | (TIMINGS.indexOf(timing) << 2);
  if ((index === 0 && onTimeIndex === 0) || timing === 'unknown') {
    to.byte(flags | (FIRST << 4));
  } else if (index === onTimeIndex || timing === 'early') {
    to.tagged(flags | (ONE_INDEX << 4), index);
  } else {
    to.tagged(flags | (TWO_INDICES << 4), index);
    to.count(onTimeIndex);
  }
}

/**
 * Reads a PaneInfo; NO_FIRING is that very object.
 *
 * @throws {RangeError} for flags that Beam does not have.
 */
export function decodePane(from: InputBytes): PaneInfo {
  const flags = from.byte();
  if (flags === 0x0f) return NO_FIRING;
  const timing = TIMINGS[(flags >> 2) & 3] ?? 'unknown';
  const firing = { timing, isFirst: (flags & 1) !== 0, isLast: (flags & 2) !== 0 };
  switch (flags >> 4) {
    case FIRST:
      return Object.freeze({ ...firing, index: 0, onTimeIndex: timing === 'early' ? -1 : 0 });
    case ONE_INDEX: {
      const index = from.count();
      return Object.freeze({ ...firing, index, onTimeIndex: timing === 'early' ? -1 : index });
    }
    case TWO_INDICES: {
      const index = from.count();
      return Object.freeze({ ...firing, index, onTimeIndex: from.count() });
    }
    default:
      throw new RangeError(`Cannot decode a pane as its encoding must be 0, 1 or 2: received ${flags >> 4}`);
  }
}
