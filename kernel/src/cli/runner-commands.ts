import { InvalidArgumentError, type Command } from 'commander';

interface FlinkUp {
  readonly taskManagers?: number;
  readonly slots?: number;
  readonly managedMb?: number;
  readonly jobPort?: number;
  readonly restPort?: number;
}

interface PrismUp {
  readonly port?: number;
  readonly webPort?: number;
  readonly idle?: number;
}

/**
 * Adds the commands of the runners on this machine: `get`, `prism` and `flink`.
 *
 * @param done Takes the exit code.
 */
export function addRunnerCommands(program: Command, done: (exitCode: number) => void): void {
  program
    .command('get')
    .description('fetch a portable runner: Prism is built by Go, Flink comes by Maven')
    .argument('<runner>', 'prism or flink', oneOf('prism', 'flink'))
    .option('--verbose', 'print what Go or Maven say')
    .action(async (runner: 'prism' | 'flink', options: { readonly verbose?: true }) => {
      const { getCommand } = await import('./local-runners.ts');
      done(await getCommand(runner, options));
    });

  const prism = program.command('prism').description("Beam's local portable runner").helpCommand(false);
  prism
    .command('up')
    .description('start it, if it does not run')
    .option('--port <port>', 'of its job service; a free one by default', port)
    .option('--web-port <port>', 'of its web page, which is not served by default', port)
    .option('--idle <minutes>', 'end it so long after its last job; 0 is never (default: 60)', count(0))
    .action(async (options: PrismUp) => {
      const { prismUp } = await import('./local-runners.ts');
      done(await prismUp({ port: options.port, webPort: options.webPort, idleMinutes: options.idle }));
    });
  prism
    .command('down')
    .description('end it, with its jobs')
    .action(async () => {
      const { prismDown } = await import('./local-runners.ts');
      done(await prismDown());
    });
  prism
    .command('status')
    .description('say where it serves; exit code 1 if it does not run')
    .action(async () => {
      const { prismStatus } = await import('./local-runners.ts');
      done(await prismStatus());
    });

  const flink = program
    .command('flink')
    .description('a Flink cluster on this machine, with Beam’s job server')
    .helpCommand(false);
  flink
    .command('up')
    .description('start it, or what of it has ended')
    .option('--task-managers <n>', 'how many TaskManagers (default: 2)', count(1))
    .option('--slots <n>', 'how many parts of jobs each of them runs at once (default: 2)', count(1))
    .option(
      '--managed-mb <n>',
      'memory of each of them for sorting and grouping, in MB (default: 2048)',
      count(1),
    )
    .option('--job-port <port>', 'of the job server; a free one by default', port)
    .option('--rest-port <port>', "of Flink's REST API and web page; a free one by default", port)
    .action(async (options: FlinkUp) => {
      const { flinkUpCommand } = await import('./local-runners.ts');
      done(await flinkUpCommand(options));
    });
  flink
    .command('down')
    .description('end it, with its jobs')
    .action(async () => {
      const { flinkDownCommand } = await import('./local-runners.ts');
      done(await flinkDownCommand());
    });
  flink
    .command('status')
    .description('say how it is; exit code 1 if it does not run or is not ready')
    .action(async () => {
      const { flinkStatusCommand } = await import('./local-runners.ts');
      done(await flinkStatusCommand());
    });
}

/** Reads one of some words. */
export function oneOf(...words: readonly string[]): (text: string) => string {
  return (text) => {
    if (words.includes(text)) return text;
    throw new InvalidArgumentError(`It must be ${words.join(' or ')}.`);
  };
}

/** Reads a port. */
export function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new InvalidArgumentError('It must be a port: a number from 1 to 65535.');
}

/** Reads a whole number that is not below `least`. */
export function count(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least && text.trim() !== '') return value;
    throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
  };
}
