import { isRecord } from './state-file.ts';

/** The TaskManagers that a JobManager knows, as they are named; none while it does not answer. */
export async function taskManagerIds(restPort: number): Promise<ReadonlySet<string>> {
  try {
    const response = await fetch(`http://localhost:${restPort}/taskmanagers`, {
      signal: AbortSignal.timeout(2000),
    });
    const answer: unknown = await response.json();
    if (!isRecord(answer) || !Array.isArray(answer.taskmanagers)) return new Set();
    const ids = answer.taskmanagers.map((one: unknown) => (isRecord(one) ? one.id : undefined));
    return new Set(ids.filter((id): id is string => typeof id === 'string'));
  } catch {
    return new Set();
  }
}
