/** How long closing may take, in milliseconds. */
const LIMIT_MS = 3000;

/**
 * Closes a session before the process ends.
 *
 * The session's threads keep no process alive, so without a timer of ours Node would end in the middle of closing,
 * with an exit code of its own (13).
 */
export async function closeSession(session: { close(): Promise<void> }): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LIMIT_MS)));
  await Promise.race([session.close(), late]);
  clearTimeout(timer);
}
