import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../kernel/version.ts';
import { addJobCommands } from './job-commands.ts';
import { addRunnerCommands } from './runner-commands.ts';
import type { KernelspecTarget } from '../kernelspec/kernelspec.ts';

const EXAMPLES = `
Examples:
  $ millrace install --user                 make the kernel known to Jupyter
  $ jupyter lab                             choose "TypeScript (Millrace)"
  $ millrace run notebook.ipynb             run it here; exit code 1 if a cell fails
  $ millrace run in.ipynb --output out.ipynb   and keep what the cells showed
  $ millrace export notebook.ipynb --out my-job   its pipeline as a project
  $ millrace repl                           the same session in a terminal
  $ echo '1 + 1' | millrace repl            or in a pipe
  $ millrace get prism                      fetch a portable runner, for promote(…, { runner: 'prism' })
  $ millrace flink up                       start a Flink cluster on this machine

Environment:
  MILLRACE_CACHE     folder that keeps computed PCollections
  MILLRACE_HOME      folder of the portable runners: programs, logs and what runs
  MILLRACE_HISTORY   file that keeps what was run, or "off"
`;

interface ExportCommandOptions {
  readonly out: string;
  readonly pcollection?: readonly string[];
}

interface TargetOptions {
  readonly user?: true;
  readonly sysPrefix?: true;
  readonly prefix?: string;
}

/** Reads the command line and does what it says; gives the exit code: 2 if it cannot be understood. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('millrace')
    .description('Apache Beam notebooks in TypeScript')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .showHelpAfterError('(millrace --help says what there is)')
    .action((_options: unknown, command: Command) => {
      const unknown = command.args[0];
      if (unknown !== undefined) command.error(`error: unknown command '${unknown}'`);
      command.outputHelp({ error: true });
      exitCode = 2;
    });
  program.allowExcessArguments();

  program
    .command('run')
    .description('run a notebook headless; exit code 1, and the cell shown, if one fails')
    .argument('<notebook>', 'an .ipynb file')
    .option('-o, --output <file>', 'write the notebook with its outputs, also when a cell fails')
    .option('--timeout <seconds>', 'interrupt a cell that takes longer', seconds)
    .action(async (notebook: string, options: { readonly output?: string; readonly timeout?: number }) => {
      const { runCommand } = await import('./run-command.ts');
      exitCode = await runCommand(notebook, options);
    });

  program
    .command('export')
    .description('write the pipeline of a notebook as a project of its own')
    .argument('<notebook>', 'an .ipynb file')
    .requiredOption('-o, --out <dir>', 'a new folder, which takes the project')
    .option('-p, --pcollection <name...>', 'export these PCollections, or this pipeline, only')
    .action(async (notebook: string, options: ExportCommandOptions) => {
      const { exportCommand } = await import('./export-command.ts');
      exitCode = await exportCommand(notebook, options);
    });

  program
    .command('repl')
    .description('a notebook session in a terminal, or fed by a pipe')
    .action(async () => {
      const { replCommand } = await import('./repl-command.ts');
      exitCode = await replCommand();
    });

  withTarget(program.command('install').description('make the kernel known to Jupyter')).action(
    async (options: TargetOptions) => {
      const { installCommand } = await import('./kernelspec-command.ts');
      exitCode = installCommand(targetOf(options));
    },
  );
  withTarget(program.command('uninstall').description('take the kernel from Jupyter again')).action(
    async (options: TargetOptions) => {
      const { uninstallCommand } = await import('./kernelspec-command.ts');
      exitCode = uninstallCommand(targetOf(options));
    },
  );

  program
    .command('kernel')
    .description('run as a Jupyter kernel; Jupyter calls this')
    .argument('<connection-file>', 'the JSON file with ports and key')
    .action(async (connectionFile: string) => {
      const { runKernel } = await import('../kernel/run-kernel.ts');
      await runKernel(connectionFile);
      // runKernel sets it when the kernel could not start; else the process goes on.
      exitCode = process.exitCode === 1 ? 1 : 0;
    });

  addRunnerCommands(program, (code) => (exitCode = code));
  addJobCommands(program, (code) => (exitCode = code));

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2; // help and version end with 0
  }
  return exitCode;
}

function withTarget(command: Command): Command {
  return command
    .addOption(
      new Option('--user', 'in your own Jupyter folder (the default)').conflicts(['sysPrefix', 'prefix']),
    )
    .addOption(new Option('--sys-prefix', 'in the active Python environment').conflicts(['user', 'prefix']))
    .addOption(new Option('--prefix <dir>', 'in DIR/share/jupyter').conflicts(['user', 'sysPrefix']));
}

function targetOf({ sysPrefix, prefix }: TargetOptions): KernelspecTarget {
  if (prefix !== undefined) return { kind: 'prefix', directory: prefix };
  return sysPrefix === true ? { kind: 'sys-prefix' } : { kind: 'user' };
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}
