import { KeyIndex } from '../../coders/key-index.ts';
import type { KV } from '../../model/kv.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { IntervalWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { Groups, GroupsOptions, Times } from './groups.ts';
import { ONLY_PANE } from './window-groups.ts';

/** A session of one key that is still open. */
interface Session {
  start: Timestamp;
  end: Timestamp;
  held: unknown;
}

/** A key with its sessions, which do not overlap: earliest first. */
interface KeySessions {
  readonly key: unknown;
  sessions: Session[];
}

/**
 * Groups in sessions, each of which is emitted once, when the watermark passes its end: the default trigger without
 * allowed lateness.
 *
 * Windows that overlap are one from the moment in which they do, so that a session is held once. Cost of an element:
 * O(1) at the end of its key's sessions, else O(log n) to find its place and O(n) to make room there.
 */
export class SessionGroups implements Groups {
  readonly add: Receiver<KV<unknown, unknown>>;
  readonly hold = MAX_TIMESTAMP;
  readonly dueAt = undefined;
  readonly #options: GroupsOptions;
  readonly #keys: KeyIndex;
  /** By number of the key. */
  #byKey: KeySessions[] = [];
  #watermark: Timestamp = MIN_TIMESTAMP;
  /** No open session ends before this; some may have grown since. */
  #nextEnd = Infinity;

  constructor(options: GroupsOptions) {
    this.#options = options;
    this.#keys = new KeyIndex(options.transform);
    this.add = (element, _timestamp, windows) => {
      const number = this.#keys.numberOf(element.key);
      const key = this.#byKey[number] ?? (this.#byKey[number] = { key: this.#keys.at(number), sessions: [] });
      for (const window of windows) {
        if (window.kind === 'interval') this.#addTo(key, window, element.value);
      }
    };
  }

  endBundle(): void {
    // Only the watermark makes sessions due.
  }

  advance({ watermark }: Times): void {
    this.#watermark = watermark;
  }

  get isDue(): boolean {
    return this.#nextEnd <= this.#watermark;
  }

  async fire(receiver: Receiver, signal: AbortSignal): Promise<void> {
    let nextEnd = Infinity;
    for (const entry of this.#byKey) {
      const { key, sessions } = entry;
      // Their ends are in the same order as their starts.
      const open = sessions.findIndex(({ end }) => end > this.#watermark);
      const due = open === -1 ? sessions : sessions.slice(0, open);
      entry.sessions = open === -1 ? [] : sessions.slice(open);
      nextEnd = Math.min(nextEnd, entry.sessions[0]?.end ?? Infinity);
      for (const { start, end, held } of due) {
        const window: IntervalWindow = { kind: 'interval', start, end };
        const wait = receiver({ key, value: held }, end - 1, [window], ONLY_PANE);
        if (wait !== undefined) {
          await wait;
          signal.throwIfAborted();
        }
      }
    }
    this.#nextEnd = nextEnd;
    this.#forgetKeys();
  }

  close(): void {
    this.#byKey = [];
  }

  /** Forgets keys without a session once they are the most, so that a stream of ever new keys takes no more room. */
  #forgetKeys(): void {
    const open = this.#byKey.filter(({ sessions }) => sessions.length > 0);
    if (open.length * 2 > this.#byKey.length) return;
    this.#keys.drain();
    for (const { key } of open) this.#keys.numberOf(key);
    this.#byKey = open;
  }

  #addTo({ sessions }: KeySessions, { start, end }: IntervalWindow, value: unknown): void {
    if (end <= this.#watermark) {
      this.#options.onDropped('droppedDueToLateness', 1);
      return;
    }
    const { accumulation } = this.#options;
    const at = placeOf(start, sessions);
    const before = sessions[at - 1];
    if (before !== undefined && start < before.end) {
      before.held = accumulation.add(before.held, value);
      if (end > before.end) {
        before.end = end;
        this.#takeIn(sessions, at);
      }
      return;
    }
    this.#nextEnd = Math.min(this.#nextEnd, end);
    const session = { start, end, held: accumulation.of(value) };
    if (at === sessions.length) sessions.push(session);
    else sessions.splice(at, 0, session);
    this.#takeIn(sessions, at + 1);
  }

  /** Makes one of the session before `at` and those after it that it reaches now. */
  #takeIn(sessions: Session[], at: number): void {
    const session = sessions[at - 1];
    for (let next = sessions[at]; session !== undefined && next !== undefined; next = sessions[at]) {
      if (next.start >= session.end) return;
      session.end = Math.max(session.end, next.end);
      session.held = this.#options.accumulation.merge(session.held, next.held);
      sessions.splice(at, 1);
    }
  }
}

/** How many sessions begin at `start` or before. */
function placeOf(start: Timestamp, sessions: readonly Session[]): number {
  const last = sessions.at(-1);
  if (last === undefined || last.start <= start) return sessions.length;
  let low = 0;
  let high = sessions.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sessions[middle]?.start ?? Infinity) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}
