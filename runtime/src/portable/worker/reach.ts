import type { ServiceClient } from '../grpc/service-client.ts';

/** How long a runner may take to accept a connection, in milliseconds: it may be starting too. */
const TIMEOUT_MS = 60_000;

/**
 * Waits until a service of the runner can be reached.
 *
 * @throws {RangeError} naming it, if that takes longer than a minute.
 */
export async function reach(
  client: Pick<ServiceClient<never>, 'waitForReady'>,
  {
    url,
    purpose,
    timeoutMs = TIMEOUT_MS,
  }: { readonly url: string; readonly purpose: string; readonly timeoutMs?: number },
): Promise<void> {
  try {
    await client.waitForReady(timeoutMs);
  } catch (cause) {
    throw new RangeError(
      `Cannot start the worker as the runner's ${purpose} service must answer at ${url}: received nothing within ${timeoutMs / 1000} s`,
      { cause },
    );
  }
}
