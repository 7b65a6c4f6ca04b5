import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULTS, FLAGS, type Flag, type PipelineOptions } from './options.ts';

/** Where the pipeline runs. */
export type RunnerName = 'embedded' | 'prism' | 'flink' | 'portable';

/** What the command line says. */
export interface CommandLine {
  readonly runner: RunnerName;
  /** Of the job service: "localhost:8099". */
  readonly endpoint: string | undefined;
  readonly jobName: string | undefined;
  readonly parallelism: number | undefined;
  readonly environment: 'process' | 'loopback' | 'external' | 'docker' | undefined;
  /** For `--environment=docker`. */
  readonly image: string | undefined;
  /** For `--environment=external`. */
  readonly workerPool: string | undefined;
  /** Runs a sample here and on the runner first, and goes on only if both give the same. */
  readonly rehearse: boolean;
  /** The folder that takes the results. */
  readonly output: string;
  readonly options: PipelineOptions;
}

/** The command line cannot be understood. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

const RUN_FLAGS: Readonly<Record<string, Flag>> = {
  runner: {
    type: 'string',
    choices: ['embedded', 'prism', 'flink', 'portable'],
    help: 'Where the pipeline runs: in this process (the default), or on a runner.',
  },
  endpoint: { type: 'string', help: 'Job service of the runner: localhost:8099.' },
  'job-name': { type: 'string', help: 'What the runner calls the job.' },
  parallelism: { type: 'number', help: 'How many workers the runner uses.' },
  environment: {
    type: 'string',
    choices: ['process', 'loopback', 'external', 'docker'],
    help: 'How the runner starts the code of the pipeline; "process" on this machine, if not given.',
  },
  image: { type: 'string', help: 'Docker image of the workers, for --environment=docker.' },
  'worker-pool': { type: 'string', help: 'Address of a pool of workers, for --environment=external.' },
  rehearse: { type: 'boolean', help: 'First run a sample here and on the runner, and compare.' },
  output: { type: 'string', isPath: true, help: 'Folder that takes the results; "output", if not given.' },
};
/** The settings of the pipeline, of which there may be none. */
const OWN_FLAGS: Readonly<Record<string, Flag & { readonly flag: string }>> = FLAGS;
const HELP = { type: 'boolean', help: 'Print this help.' } as const;

/**
 * Reads the flags of the program.
 *
 * @returns "help" if that is asked for.
 * @throws {CommandLineError} if a flag is unknown, or its value is not what it must be.
 */
export function readCommandLine(args: readonly string[]): CommandLine | 'help' {
  const own = Object.values(OWN_FLAGS).map((flag) => [flag.flag, flag] as const);
  const flags: Readonly<Record<string, Flag>> = { ...RUN_FLAGS, ...Object.fromEntries(own), help: HELP };
  const texts = parse(args, flags);
  if (texts.help === 'true') return 'help';
  const value = (name: string): unknown => read(name, flags[name], texts[name]);
  const text = (name: string): string | undefined => value(name) as string | undefined; // by its type in RUN_FLAGS
  requireBeside(text, { runner: 'portable' }, 'endpoint');
  requireBeside(text, { environment: 'docker' }, 'image');
  requireBeside(text, { environment: 'external' }, 'worker-pool');
  const options = Object.entries(OWN_FLAGS).map(([name, { flag, isPath }]) => {
    const standard = DEFAULTS[name as keyof PipelineOptions];
    return [name, value(flag) ?? (isPath === true ? absolute(standard) : standard)];
  });
  return {
    runner: (text('runner') ?? 'embedded') as RunnerName, // one of its choices
    endpoint: text('endpoint'),
    jobName: text('job-name'),
    parallelism: value('parallelism') as number | undefined, // by its type in RUN_FLAGS
    environment: text('environment') as CommandLine['environment'], // one of its choices
    image: text('image'),
    workerPool: text('worker-pool'),
    rehearse: value('rehearse') === true,
    output: text('output') ?? path.resolve('output'),
    options: Object.fromEntries(options) as unknown as PipelineOptions, // a value of its type for each
  };
}

/** A value of one flag that needs another flag. */
function requireBeside(
  text: (name: string) => string | undefined,
  given: Readonly<Record<string, string>>,
  flag: string,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (text(name) !== value || text(flag) !== undefined) continue;
    throw new CommandLineError(`Cannot run with --${name}=${value} as it needs --${flag}: received none`);
  }
}

/** What the program can be told. */
export function helpText(): string {
  const flags = { ...RUN_FLAGS, help: HELP };
  const run = Object.entries(flags).map(([name, flag]) => helpLine(name, flag, undefined));
  const own = Object.entries(OWN_FLAGS).map(([name, flag]) =>
    helpLine(flag.flag, flag, DEFAULTS[name as keyof PipelineOptions]),
  );
  const settings = own.length === 0 ? [] : ['', 'The pipeline:', ...own];
  return ['Usage: npm start -- [flags]', '', 'The run:', ...run, ...settings].join('\n');
}

function helpLine(name: string, { type, choices, help }: Flag, standard: unknown): string {
  const what = type === 'boolean' ? '' : `=${choices?.join('|') ?? type}`;
  const value = standard === undefined ? '' : ` (${JSON.stringify(standard)})`;
  return `  --${name}${what}\n        ${help}${value}`;
}

type Texts = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The text of each flag that is given; a boolean's is "true" or "false". */
function parse(args: readonly string[], flags: Readonly<Record<string, Flag>>): Texts {
  // `--flag` alone means true; `--flag=false` is understood as well.
  const spelled = args.map((arg) => {
    const [, no, name = ''] = /^--(no-)?([^=]+)$/.exec(arg) ?? [];
    return flags[name]?.type === 'boolean' ? `--${name}=${no === undefined}` : arg;
  });
  const config = Object.entries(flags).map(([name, { isList = false }]) => [
    name,
    { type: 'string', multiple: isList },
  ]);
  try {
    const { values } = parseArgs({
      args: spelled,
      options: Object.fromEntries(config) as Record<string, { type: 'string'; multiple: boolean }>,
    });
    return values;
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function read(name: string, flag: Flag | undefined, given: string | readonly string[] | undefined): unknown {
  if (flag === undefined || given === undefined) return undefined;
  if (typeof given !== 'string') return given.map((text) => readOne(name, flag, text));
  return readOne(name, flag, given);
}

function readOne(name: string, { type, choices, isPath }: Flag, text: string): unknown {
  if (choices?.some((choice) => String(choice) === text) === false)
    throw mustBe(name, choices.join(', '), text);
  if (isPath === true) return absolute(text);
  if (type === 'string') return text;
  if (type === 'number') {
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value)) throw mustBe(name, 'a number', text);
    return value;
  }
  if (text !== 'true' && text !== 'false') throw mustBe(name, 'true or false', text);
  return text === 'true';
}

function mustBe(name: string, what: string, received: string): CommandLineError {
  return new CommandLineError(`Cannot read --${name} as it must be ${what}: received "${received}"`);
}

/** Workers have folders of their own: they are given whole paths. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  return typeof value !== 'string' || /^[a-z][a-z0-9+.-]+:\/\//i.test(value) ? value : path.resolve(value);
}
