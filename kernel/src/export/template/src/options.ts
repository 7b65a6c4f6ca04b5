/** The settings of the pipeline. Each is a flag of the command line as well. */
export interface PipelineOptions {
  /** Text files to read. */
  readonly input: string;
}

/** What the settings are if the command line does not say otherwise. */
export const DEFAULTS: PipelineOptions = {
  input: 'data/*.txt',
};

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
export const FLAGS: Readonly<Record<keyof PipelineOptions, Flag & { readonly flag: string }>> = {
  input: { flag: 'input', type: 'string', isPath: true, help: 'Text files to read.' },
};
