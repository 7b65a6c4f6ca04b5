import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { Polled, UnboundedSource } from '../../model/unbounded-source.ts';
import { ofSource, toReceiver } from '../read-source.ts';
import type { Clock } from '../clock.ts';
import type { InputReceiver, BundleSource } from './bundle-source.ts';

/** The most elements of one poll: panes that became due meanwhile wait no longer than these take. */
const POLL_LIMIT = 10_000;

/** Polls an unbounded source, all of its positions in turn. */
export class UnboundedInput implements BundleSource {
  readonly #source: UnboundedSource<unknown>;
  readonly #name: string;
  readonly #clock: Clock;
  /** Where each part of the source is; undefined until reading starts. Those that have ended are left out. */
  #parts: Polled<unknown>[] | undefined;
  #watermark: Timestamp = MIN_TIMESTAMP;

  /** @param options.name Full name of the read, for errors. */
  constructor(
    source: UnboundedSource<unknown>,
    { name, clock }: { readonly name: string; readonly clock: Clock },
  ) {
    this.#source = source;
    this.#name = name;
    this.#clock = clock;
  }

  get watermark(): Timestamp {
    return this.#watermark;
  }

  get isEnded(): boolean {
    return this.#parts?.length === 0;
  }

  get readyAt(): Timestamp | undefined {
    if (this.#parts === undefined) return -Infinity;
    return this.isEnded ? undefined : Math.min(...this.#parts.map(({ resumeAt }) => resumeAt));
  }

  advance(): void {
    // Its watermark comes from the source.
  }

  async read(to: InputReceiver, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    this.#parts ??= (await ofSource(this.#name, () => this.#source.start(now))).map((position) => ({
      position,
      watermark: MIN_TIMESTAMP,
      resumeAt: -Infinity,
    }));
    const parts: Polled<unknown>[] = [];
    for (const part of this.#parts) {
      const polled = part.resumeAt <= now ? await this.#poll(part, { to, now, signal }) : part;
      if (polled.position !== undefined) parts.push(polled);
    }
    this.#parts = parts;
    const watermark = parts.reduce((least, part) => Math.min(least, part.watermark), MAX_TIMESTAMP);
    this.#watermark = Math.max(this.#watermark, watermark);
  }

  cut(): void {
    this.#parts = [];
    this.#watermark = MAX_TIMESTAMP;
  }

  async #poll(
    { position }: Polled<unknown>,
    {
      to,
      now,
      signal,
    }: { readonly to: InputReceiver; readonly now: Timestamp; readonly signal: AbortSignal },
  ): Promise<Polled<unknown>> {
    return await toReceiver(to.receive, (emit) =>
      ofSource(this.#name, () => this.#source.poll(position, { emit, now, limit: POLL_LIMIT, signal })),
    );
  }
}
