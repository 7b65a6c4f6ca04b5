import type { OptionValue, ProjectOption } from './project-option.ts';

/** Flags that say how the program runs; a setting of the same name gets another flag. */
const RUN_FLAGS: ReadonlySet<string> = new Set([
  ...['runner', 'endpoint', 'job-name', 'parallelism', 'environment', 'image', 'worker-pool'],
  ...['rehearse', 'output', 'help'],
]);

/** The flag of a setting: "minLength" is "--min-length". */
export function flagOf(name: string): string {
  const flag = name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  return RUN_FLAGS.has(flag) || flag.startsWith('no-') ? `pipeline-${flag}` : flag;
}

/** The text of `src/options.ts`: the settings with their types, values and flags. */
export function optionsModule(options: readonly ProjectOption[]): string {
  const given = options.filter(({ value }) => value !== undefined);
  const properties = options.map(
    (option) =>
      `  /** ${descriptionOf(option)} */\n  readonly ${option.name}${option.value === undefined ? '?' : ''}: ${typeOf(option)};\n`,
  );
  return `/** The settings of the pipeline. Each is a flag of the command line as well. */
${options.length === 0 ? 'export type PipelineOptions = Readonly<Record<never, never>>;' : `export interface PipelineOptions {\n${properties.join('')}}`}

/** What the settings are if the command line does not say otherwise: what the notebook has. */
export const DEFAULTS: PipelineOptions = {${given.map(({ name, value }) => `\n  ${name}: ${literal(value)},`).join('')}${given.length === 0 ? '' : '\n'}};

/** How a setting is given on the command line. */
export interface Flag {
  readonly type: 'string' | 'number' | 'boolean';
  readonly help: string;
  /** It may be given several times. */
  readonly isList?: boolean;
  /** It names files: relative to the folder that the program is started in. */
  readonly isPath?: boolean;
  readonly choices?: readonly (string | number)[];
}

/** The flags, by the setting that each sets. */
export const FLAGS: Readonly<Record<keyof PipelineOptions, Flag & { readonly flag: string }>> = {${options.map(flagText).join('')}${options.length === 0 ? '' : '\n'}};
`;
}

function flagText(option: ProjectOption): string {
  const { name, type, isList, path, choices } = option;
  const fields = [
    `flag: ${literal(flagOf(name))}`,
    `type: ${literal(type)}`,
    ...(isList ? ['isList: true'] : []),
    ...(path === undefined ? [] : ['isPath: true']),
    ...(choices === undefined ? [] : [`choices: ${literal(choices)}`]),
    `help: ${literal(descriptionOf(option))}`,
  ];
  return `\n  ${name}: { ${fields.join(', ')} },`;
}

/** What an option is for, as a sentence. */
export function descriptionOf({ description, name, path }: ProjectOption): string {
  const words = name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const text = description === '' ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : description;
  const isEnded = /[.!?]$/.test(text);
  const suffix = path?.kind === 'input' && description === '' ? ': a file or pattern' : '';
  return `${text}${suffix}${isEnded ? '' : '.'}`.replaceAll('*/', '* /');
}

function typeOf({ type, isList, choices }: ProjectOption): string {
  const single = choices === undefined ? type : choices.map((choice) => literal(choice)).join(' | ');
  if (!isList) return single;
  return single.includes('|') ? `readonly (${single})[]` : `readonly ${single}[]`;
}

/** A value as TypeScript writes it, strings in single quotes. */
export function literal(value: OptionValue | undefined): string {
  if (typeof value === 'string') {
    const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return `'${inner}'`;
  }
  if (Array.isArray(value)) return `[${value.map((part: OptionValue) => literal(part)).join(', ')}]`;
  return Object.is(value, -0) ? '-0' : String(value);
}
