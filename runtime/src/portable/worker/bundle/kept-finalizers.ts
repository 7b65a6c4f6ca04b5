import type { CommitCallback } from '../../../executor/bundle-finalizers.ts';

/** What is to be called when a runner has committed a bundle, by the bundle's instruction; each until it expires. */
export class KeptFinalizers {
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly callbacks: readonly CommitCallback[]; readonly at: number }>();

  /** @param now Milliseconds, of a clock that does not go back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  keep(instructionId: string, callbacks: readonly CommitCallback[]): void {
    this.#forgetExpired();
    if (callbacks.length > 0) this.#kept.set(instructionId, { callbacks, at: this.#now() });
  }

  /** Calls those of a bundle, in the order in which they came, also where one fails. @throws the first failure. */
  async finalize(instructionId: string): Promise<void> {
    const kept = this.#kept.get(instructionId);
    this.#kept.delete(instructionId);
    if (kept === undefined) return;
    const age = this.#now() - kept.at;
    const failures: unknown[] = [];
    for (const { call, expiresAfterMs } of kept.callbacks) {
      if (age <= expiresAfterMs) await call().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  #forgetExpired(): void {
    const now = this.#now();
    for (const [id, { callbacks, at }] of this.#kept) {
      if (callbacks.every(({ expiresAfterMs }) => now - at > expiresAfterMs)) this.#kept.delete(id);
    }
  }
}
