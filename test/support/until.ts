/**
 * Asks again and again until `ask` gives something true: for what other programs do, and do not tell us of.
 *
 * @throws {RangeError} naming `what`, with the last reason, if that takes longer than `timeoutMs`.
 */
export async function until<T>(
  ask: () => Promise<T>,
  { what, timeoutMs = 30_000 }: { readonly what: string; readonly timeoutMs?: number },
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let reason: unknown;
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      reason = error;
    }
    if (Date.now() > deadline) {
      throw new RangeError(`Cannot go on as "${what}" must hold within ${timeoutMs} ms`, { cause: reason });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
