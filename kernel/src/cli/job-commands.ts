import type { Command } from 'commander';
import { count, oneOf, port } from './runner-commands.ts';

interface JobsOptions {
  readonly endpoint?: string;
  readonly runner?: 'prism' | 'flink';
}

interface WorkerPoolOptions {
  readonly host: string;
  readonly port?: number;
  readonly threads?: number;
  readonly nodeModules?: string;
}

/**
 * Adds the commands of jobs and their workers: `jobs`, `worker` and `worker-pool`.
 *
 * @param done Takes the exit code.
 */
export function addJobCommands(program: Command, done: (exitCode: number) => void): void {
  program
    .command('jobs')
    .description('list the jobs of a job service')
    .option('--endpoint <address>', 'of the job service: localhost:8099')
    .option('--runner <runner>', 'prism or flink: that of this machine', oneOf('prism', 'flink'))
    .action(async (options: JobsOptions) => {
      const { jobsCommand } = await import('./jobs.ts');
      done(await jobsCommand(options));
    });

  program
    .command('worker')
    .description('run as a worker of a job; a runner calls this, with the flags of Beam’s containers')
    .allowUnknownOption()
    .argument('[flags...]', '--id=… --provision_endpoint=…, or --control_endpoint=… and others')
    .action(async (flags: readonly string[]) => {
      const { workerProcess } = await import('millrace/worker');
      done(await workerProcess(flags));
    });

  program
    .command('worker-pool')
    .description('start workers for runners that ask for them, until it is interrupted')
    .option('--host <host>', '0.0.0.0 lets runners of other machines in: they can run code here', 'localhost')
    .option('--port <port>', 'where it listens; a free port by default', port)
    .option('--threads <n>', 'threads of each worker', count(1))
    .option('--node-modules <dir>', 'a node_modules folder with native packages for the jobs')
    .action(async (options: WorkerPoolOptions) => {
      const { workerPoolCommand } = await import('./worker-pool.ts');
      done(await workerPoolCommand(options));
    });
}
