import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dockerfile } from 'millrace/worker';
import { descriptionOf, flagOf, literal } from './write-options.ts';
import type { ProjectPackages } from './packages.ts';
import type { OptionValue, ProjectOption } from './project-option.ts';
import type { SampleResult } from './run-sample.ts';

/** Files that are in every project as they are; they lie beside the sources. */
const TEMPLATE = fileURLToPath(new URL('../../src/export/template/', import.meta.url));
const TEMPLATE_FILES = [
  'src/main.ts',
  'src/run-on.ts',
  'src/command-line.ts',
  'src/outputs.ts',
  'test/pipeline.test.ts',
];

/** What is known of a project when its files are written. */
export interface ProjectDescription {
  /** The package's name. */
  readonly name: string;
  /** What the notebook calls itself. */
  readonly title: string;
  /** The notebook's file name. */
  readonly notebook: string;
  readonly options: readonly ProjectOption[];
  readonly packages: ProjectPackages;
  readonly outputs: readonly string[];
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** The files of options that are not copied, as they are too large. */
  readonly leftOut: readonly string[];
  readonly hasData: boolean;
}

/** The files of a project beside its own code, by their place in it. */
export function projectFiles(
  project: ProjectDescription,
): readonly (readonly [name: string, text: string])[] {
  const { untyped } = project.packages;
  return [
    ...TEMPLATE_FILES.map((name) => [name, readFileSync(path.join(TEMPLATE, name), 'utf8')] as const),
    ...(untyped.length === 0 ? [] : [['src/untyped.d.ts', untypedModules(untyped)] as const]),
    ['package.json', packageJson(project)],
    ['tsconfig.json', tsconfigJson(project)],
    ['README.md', readme(project)],
    ['.github/workflows/ci.yml', ciWorkflow()],
    ['Dockerfile', workerImage(project)],
    ['.gitignore', GITIGNORE],
    ['.dockerignore', DOCKERIGNORE],
  ];
}

/** package.json, with the versions that the notebook ran with. */
function packageJson({ name, title, packages }: ProjectDescription): string {
  return json({
    name,
    version: '0.1.0',
    private: true,
    description: title,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: {
      build: 'tsc',
      prestart: 'tsc',
      start: 'node --enable-source-maps dist/src/main.js',
      pretest: 'tsc',
      test: 'node --enable-source-maps --test --test-reporter=spec dist/test/pipeline.test.js',
    },
    dependencies: sorted(packages.dependencies),
    devDependencies: sorted(packages.devDependencies),
  });
}

/** tsconfig.json: strict, for Node, and what the notebook's own says of strictness. */
function tsconfigJson({ compilerOptions }: ProjectDescription): string {
  return json({
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023'],
      types: ['node'],
      module: 'NodeNext',
      strict: true,
      skipLibCheck: true,
      rewriteRelativeImportExtensions: true,
      resolveJsonModule: true,
      allowJs: true,
      sourceMap: true,
      rootDir: '.',
      outDir: 'dist',
      ...compilerOptions,
    },
    include: ['src', 'test'],
  });
}

/** test/sample.ts: what the tests run on, and what they expect. */
export function sampleModule(sample: {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly outputs: readonly string[];
  readonly results: readonly SampleResult[];
}): string {
  const options = Object.entries(sample.options).map(([name, value]) => `${name}: ${literal(value)}`);
  const expected = sample.results.map(
    ({ name, isSame }) =>
      `    { name: ${literal(name)}, file: ${literal(expectedFile(name))}, isSame: ${isSame} },\n`,
  );
  return `import type { PipelineOptions } from '../src/options.ts';

/** What the tests run on: the first lines of the notebook's files, and what the notebook made of them. */
export const SAMPLE: {
  readonly options: Partial<PipelineOptions>;
  /** Options that name what is written. */
  readonly outputs: readonly (keyof PipelineOptions)[];
  readonly expected: readonly { readonly name: string; readonly file: string; readonly isSame: boolean }[];
} = {
  options: {${options.length === 0 ? '' : ` ${options.join(', ')} `}},
  outputs: ${literal(sample.outputs)},
  expected: [${expected.length === 0 ? '' : `\n${expected.join('')}  `}],
};
`;
}

/** The file that holds what the notebook gives for an output. */
export function expectedFile(name: string): string {
  return `test/expected/${name}.txt`;
}

/** README.md: what it is, how it runs, and what can be told to it. */
function readme(project: ProjectDescription): string {
  const { title, notebook, options, outputs, leftOut, packages } = project;
  const rows = options.map((option) => {
    const value =
      option.value === undefined ? '' : `\`${JSON.stringify(option.value).replaceAll('|', '\\|')}\``;
    return `| \`--${flagOf(option.name)}\` | ${option.isList ? `${option.type}, several times` : option.type} | ${value} | ${descriptionOf(option).replaceAll('|', '\\|')} |`;
  });
  const packed = Object.values(packages.dependencies).some((version) => version.startsWith('file:'));
  return [
    `# ${title}`,
    '',
    `An Apache Beam pipeline in TypeScript. It was a notebook, \`${notebook}\`, and was exported by Millrace.`,
    '',
    '```sh',
    'npm install',
    'npm test                          # on the sample in test/',
    'npm start                         # here, in one process',
    'npm start -- --runner=prism       # on a local Prism (npx millrace get prism)',
    'npm start -- --runner=flink       # on a local Flink (npx millrace flink up)',
    'npm start -- --runner=portable --endpoint=HOST:PORT',
    'npm start -- --help',
    '```',
    '',
    ...(outputs.length === 0
      ? ['The pipeline writes its results to files itself.']
      : [
          `The results, ${outputs.map((name) => `\`${name}\``).join(', ')}, are written to the folder of \`--output\` (\`output\`, if not given), as JSON, one element a line.`,
        ]),
    '',
    '## Settings',
    '',
    ...(rows.length === 0
      ? ['The pipeline has none.']
      : ['| flag | type | default | |', '| --- | --- | --- | --- |', ...rows]),
    ...(leftOut.length === 0
      ? []
      : [
          '',
          `Not copied, as they are large: ${leftOut.map((file) => `\`${file}\``).join(', ')}. Give the flag a path.`,
        ]),
    '',
    '## Files',
    '',
    '- `src/pipeline.ts` is the notebook’s code: what the pipeline needs of it, and the text beside it.',
    '- `src/options.ts` has the settings; `src/main.ts` reads the command line and runs.',
    '- `test/` runs the pipeline on a sample, and compares with what the notebook gave for it.',
    ...(project.hasData ? ['- `data/` holds what the notebook read.'] : []),
    ...(packed ? ['- `vendor/` holds packages that no registry has yet.'] : []),
    '- `Dockerfile` makes an image of workers for a runner that starts containers: `--environment=docker --image=NAME`.',
    '- `.github/workflows/ci.yml` runs the tests. Commit the `package-lock.json` that `npm install` writes.',
    '',
  ].join('\n');
}

/** The Dockerfile of the workers, for runners that start containers. */
function workerImage({ packages }: ProjectDescription): string {
  const millrace = packages.dependencies.millrace ?? '';
  return dockerfile({ millrace: millrace.replace(/^file:/, ''), packages: packages.native });
}

/** The workflow that runs the tests on each push. */
function ciWorkflow(): string {
  return `name: CI
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: if [ -f package-lock.json ]; then npm ci; else npm install; fi
      - run: npm test
      - run: npm start
`;
}

/** What git keeps out. */
const GITIGNORE = 'node_modules/\ndist/\noutput/\n*.log\n';
/** What is kept out of an image. */
const DOCKERIGNORE = 'node_modules/\ndist/\noutput/\ndata/\ntest/\n.git/\n';

/** Declares modules that have no types, as a notebook lets them be anything. */
function untypedModules(specifiers: readonly string[]): string {
  return [
    '// Modules without types: what they export may be anything.',
    ...specifiers.map((specifier) => `declare module ${literal(specifier)};`),
    '',
  ].join('\n');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function sorted(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
