import { createHmac, timingSafeEqual } from 'node:crypto';

/** How many signatures are remembered, to drop a message that is sent again; as many as jupyter_client does. */
const REMEMBERED = 65_536;

/** Signs what is sent and checks what is received, with HMAC-SHA256 over the four JSON frames. */
export class Signer {
  readonly #key: string;
  readonly #seen = new Set<string>();
  readonly #remembered: number;

  /** @param key Empty: nothing is signed, and nothing is checked. */
  constructor(key: string, remembered: number = REMEMBERED) {
    this.#key = key;
    this.#remembered = remembered;
  }

  /** The signature in lower-case hexadecimal; empty without a key. */
  sign(frames: readonly Uint8Array[]): string {
    if (this.#key === '') return '';
    const hmac = createHmac('sha256', this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest('hex');
  }

  /** Says what is wrong with a received signature; undefined if it is right and new. */
  refusal(signature: string, frames: readonly Uint8Array[]): string | undefined {
    if (this.#key === '') return undefined;
    if (signature === '') return 'it is not signed';
    const received = Buffer.from(signature);
    const expected = Buffer.from(this.sign(frames));
    if (received.length !== expected.length || !timingSafeEqual(received, expected)) {
      return 'its signature is wrong';
    }
    if (this.#seen.has(signature)) return 'its signature was seen before';
    this.#remember(signature);
    return undefined;
  }

  #remember(signature: string): void {
    this.#seen.add(signature);
    if (this.#seen.size <= this.#remembered) return;
    // A Set iterates in the order of insertion: the first one is the oldest.
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }
}
