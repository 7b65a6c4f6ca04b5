/** How often the parent is looked for, in milliseconds; as ipykernel does. */
const PERIOD_MS = 1000;

/**
 * Calls `onGone` once the process that started us has ended: a server that was killed must not leave kernels behind.
 *
 * Jupyter tells its process id in JPY_PARENT_PID. Where that is not our parent (a launcher stands between us), our
 * real parent is watched instead. It holds no process alive.
 */
export function watchParent(options: {
  readonly given: string | undefined;
  readonly parentId: () => number;
  readonly onGone: () => void;
  readonly periodMs?: number;
}): { stop(): void } {
  const { given, parentId, onGone, periodMs = PERIOD_MS } = options;
  if (given === undefined || !/^\d+$/.test(given)) return { stop: () => undefined };
  const first = parentId();
  const timer = setInterval(() => {
    // An orphan is given to another process, mostly to 1.
    if (parentId() === first) return;
    clearInterval(timer);
    onGone();
  }, periodMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
