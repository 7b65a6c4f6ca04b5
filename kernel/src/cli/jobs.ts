import { jobs } from 'millrace/interactive';
import { reporting } from './report.ts';

/** `millrace jobs`; gives the exit code. */
export function jobsCommand({
  endpoint,
  runner,
}: {
  readonly endpoint?: string;
  readonly runner?: 'prism' | 'flink';
}): Promise<number> {
  if (endpoint === undefined && runner === undefined) {
    console.error(
      'Cannot list jobs as their runner must be named: received neither --runner nor --endpoint\n' +
        'Give --runner prism or --runner flink for that of this machine, or --endpoint HOST:PORT',
    );
    return Promise.resolve(2);
  }
  return reporting(async (signal) => {
    const found = await jobs({ endpoint, runner: runner ?? 'portable', signal });
    if (found.length === 0) console.log('The job service knows no jobs');
    const wide = Math.max(0, ...found.map(({ state }) => state.length));
    for (const { id, name, state } of found) {
      console.log([state.padEnd(wide), id, ...(name === '' || name === id ? [] : [name])].join('  '));
    }
    return 0;
  });
}
