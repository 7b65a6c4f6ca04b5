import { LIST } from '../../runtime/src/engine/groups/accumulations.ts';
import type { DropReason, Groups, GroupsOptions } from '../../runtime/src/engine/groups/groups.ts';
import { NO_FIRING, type PaneInfo } from '../../runtime/src/model/pane-info.ts';
import { MAX_TIMESTAMP, type Timestamp } from '../../runtime/src/model/timestamp.ts';
import type { WindowFn } from '../../runtime/src/model/window-fn.ts';
import type { BoundedWindow } from '../../runtime/src/model/window.ts';
import { GLOBAL_WINDOWING, type WindowingStrategy } from '../../runtime/src/model/windowing-strategy.ts';

/** One pane that came out, with its window as "[0, 10)". */
export interface FiredPane {
  readonly key: unknown;
  readonly values: readonly unknown[];
  readonly window: string;
  readonly timestamp: Timestamp;
  readonly pane: PaneInfo;
}

/** Drives groups of lists as the engine does, with elements whose windows the strategy's WindowFn assigns. */
export class GroupsDriver {
  readonly dropped: Partial<Record<DropReason, number>> = {};
  readonly groups: Groups;
  readonly #windowFn: WindowFn;

  constructor(make: (options: GroupsOptions) => Groups, strategy: Partial<WindowingStrategy> = {}) {
    const windowing = { ...GLOBAL_WINDOWING, ...strategy };
    this.#windowFn = windowing.windowFn;
    this.groups = make({
      transform: 'Group',
      windowing,
      accumulation: LIST,
      onDropped: (why, count) => (this.dropped[why] = (this.dropped[why] ?? 0) + count),
    });
  }

  /** Adds a bundle of [key, value, timestamp]. */
  bundle(...elements: readonly (readonly [unknown, unknown, Timestamp])[]): void {
    for (const [key, value, timestamp] of elements) {
      const windows = this.#windowFn.assign(timestamp, value as never);
      void this.groups.add({ key, value }, timestamp, windows, NO_FIRING);
    }
    this.groups.endBundle();
  }

  /** Moves time, and gives the panes that come out. */
  async advance(watermark: Timestamp, processingTime = 0): Promise<FiredPane[]> {
    this.groups.advance({ watermark, processingTime });
    const panes: FiredPane[] = [];
    if (!this.groups.isDue) return panes;
    await this.groups.fire((element, timestamp, windows, pane) => {
      const { key, value } = element as { key: unknown; value: unknown[] }; // what LIST holds
      panes.push({ key, values: [...value], window: windows.map(windowName).join(' '), timestamp, pane });
    }, new AbortController().signal);
    this.groups.advance({ watermark, processingTime }); // as the engine does, after each bundle
    return panes;
  }

  /** Ends the input. */
  end(): Promise<FiredPane[]> {
    return this.advance(MAX_TIMESTAMP);
  }
}

function windowName(window: BoundedWindow): string {
  return window.kind === 'global' ? 'global' : `[${window.start}, ${window.end})`;
}
