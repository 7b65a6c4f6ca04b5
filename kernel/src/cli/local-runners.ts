import {
  findPrism,
  flinkDown,
  flinkStatus,
  flinkUp,
  getFlink,
  getPrism,
  startPrism,
  stopPrism,
  type FlinkUpOptions,
  type LocalRunner,
  type StartPrismOptions,
} from 'millrace/runners';
import { reporting } from './report.ts';

/** `millrace get`; gives the exit code. */
export function getCommand(runner: 'prism' | 'flink', options: { readonly verbose?: true }): Promise<number> {
  return reporting(async (signal) => {
    const get = runner === 'prism' ? getPrism : getFlink;
    console.error(`Fetching ${runner}, unless it is there: that may take a minute`);
    const onLine = options.verbose === true ? (line: string) => console.error(line) : undefined;
    console.log(await get({ signal, onLine }));
    return 0;
  });
}

/** `millrace prism up`; gives the exit code. */
export function prismUp(options: StartPrismOptions): Promise<number> {
  return reporting(async (signal) => {
    console.log(describe(await startPrism({ ...options, signal })));
    return 0;
  });
}

/** `millrace prism down`; gives the exit code. Nothing to end is no error. */
export function prismDown(): Promise<number> {
  return reporting(async (signal) => {
    console.log((await stopPrism({ signal })) ? 'Prism has ended' : 'Nothing to end: no Prism runs');
    return 0;
  });
}

/** `millrace prism status`; gives the exit code: 1 if it does not run. */
export function prismStatus(): Promise<number> {
  return reporting(async () => {
    const found = await findPrism();
    console.log(found === undefined ? 'No Prism runs: millrace prism up' : describe(found));
    return found === undefined ? 1 : 0;
  });
}

/** `millrace flink up`; gives the exit code. */
export function flinkUpCommand(options: FlinkUpOptions): Promise<number> {
  return reporting(async (signal) => {
    console.log(describe(await flinkUp({ ...options, signal })));
    return 0;
  });
}

/** `millrace flink down`; gives the exit code. Nothing to end is no error. */
export function flinkDownCommand(): Promise<number> {
  return reporting(async (signal) => {
    console.log((await flinkDown({ signal })) ? 'Flink has ended' : 'Nothing to end: no Flink cluster runs');
    return 0;
  });
}

/** `millrace flink status`; gives the exit code: 1 if no cluster runs, or it is not ready. */
export function flinkStatusCommand(): Promise<number> {
  return reporting(async () => {
    const found = await flinkStatus();
    if (found === undefined) {
      console.log('No Flink cluster runs: millrace flink up');
      return 1;
    }
    console.log(describe(found.runner));
    for (const { role, pid } of found.missing) console.log(`The ${role} (process ${pid}) has ended`);
    if (!found.isReady) console.log('It is not ready; this mends it: millrace flink up');
    return found.isReady ? 0 : 1;
  });
}

function describe({ kind, version, endpoint, restEndpoint, processes, logs }: LocalRunner): string {
  const name = kind === 'prism' ? 'Prism' : 'Flink';
  return [
    `${name} ${version} takes jobs at ${endpoint}`,
    ...(restEndpoint === undefined ? [] : [`Its web page is ${restEndpoint}`]),
    `Processes: ${processes.map(({ role, pid }) => `${role} ${pid}`).join(', ')}`,
    `Logs: ${logs}`,
  ].join('\n');
}
