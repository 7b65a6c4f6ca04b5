import { startWorkerPool, type WorkerPoolOptions } from 'millrace/worker';
import { reporting } from './report.ts';

/** `millrace worker-pool`: goes on until it is interrupted; gives the exit code, which is 0 then. */
export function workerPoolCommand(options: Omit<WorkerPoolOptions, 'log' | 'script'>): Promise<number> {
  return reporting(async (signal) => {
    const pool = await startWorkerPool({ ...options, log: (line) => console.error(line) });
    console.log(`Workers are started by ${pool.url}: { kind: 'external', endpoint: '${pool.url}' }`);
    // The server keeps the process alive.
    if (!signal.aborted) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    await pool.close();
    return 0;
  });
}
