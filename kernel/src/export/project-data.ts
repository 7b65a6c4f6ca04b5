import path from 'node:path';
import type ts from '#typescript';
import { matchPattern, sampleOf, type MatchedPattern } from './data-files.ts';
import type { OptionPlan } from './plan-options.ts';
import type { ProjectFolder } from './project-folder.ts';
import type { OptionValue, ProjectOption } from './project-option.ts';
import type { Edit } from './unit-text.ts';
import type { Unit } from './unit.ts';
import { literal } from './write-options.ts';

/** Data above this is not copied. */
const LIMIT_BYTES = 50 * 2 ** 20;

/** The files that the options of a project name. */
interface OptionFiles {
  readonly option: ProjectOption;
  readonly matched: readonly MatchedPattern[];
  /** Below `data/` and `test/sample/`: "", or "words/" where there are several such options. */
  readonly folder: string;
  readonly isCopied: boolean;
}

/** The data of a project: what its options name, and the sample that its tests use instead. */
export class ProjectData {
  readonly #plan: OptionPlan;
  readonly #directory: string;
  readonly #files: ReadonlyMap<string, OptionFiles>;

  /** @param directory The notebook's folder. */
  constructor(plan: OptionPlan, directory: string) {
    this.#plan = plan;
    this.#directory = directory;
    this.#files = filesOf(plan.options, directory);
  }

  /** The options as the project has them: their files in its own folders. */
  get options(): readonly ProjectOption[] {
    return this.#plan.options.map((option) => {
      const { path: place, value } = option;
      if (place?.kind === 'output' && typeof value === 'string') {
        return { ...option, value: `output/${path.basename(value)}` };
      }
      const files = this.#files.get(option.name);
      if (files === undefined) return option;
      return { ...option, value: files.isCopied ? below('data', files) : this.#original(files.option) };
    });
  }

  /** What the tests give the options that name text. */
  get sample(): Readonly<Record<string, OptionValue>> {
    const texts = [...this.#files.values()].filter(({ option }) => option.path?.isText === true);
    return Object.fromEntries(texts.map((files) => [files.option.name, below('test/sample', files)]));
  }

  /** The options whose files are too large to be copied. */
  get leftOut(): readonly string[] {
    return [...this.#files.values()].filter(({ isCopied }) => !isCopied).map(({ option }) => option.name);
  }

  get isEmpty(): boolean {
    return [...this.#files.values()].every(({ isCopied }) => !isCopied);
  }

  /** Copies the files, and the sample of those that are text. */
  write(project: ProjectFolder): void {
    for (const { option, matched, folder, isCopied } of this.#files.values()) {
      for (const { files } of matched) {
        if (isCopied) for (const { from, to } of files) project.copy(from, `data/${folder}${to}`);
        if (option.path?.isText !== true) continue;
        for (const { to, content } of sampleOf(files)) project.write(`test/sample/${folder}${to}`, content);
      }
    }
  }

  /** Makes a unit of the notebook read the sample in `root`, and write there. */
  sampleEdits(unit: Unit, root: string): readonly Edit[] {
    const { options, literals } = this.#plan;
    const own = literals.filter((replaced) => replaced.unit === unit);
    const named = options.find(({ name }) => unit.names.some(({ text }) => text === name));
    const { initializer } = unit.node as { readonly initializer?: ts.Expression }; // a parameter is a variable
    const setting =
      named !== undefined && initializer !== undefined ? [{ node: initializer, option: named.name }] : [];
    return [...own, ...setting].flatMap(({ node, option }) => {
      const value = this.#sampleValue(option, root);
      return value === undefined
        ? []
        : [{ start: node.getStart(), end: node.getEnd(), text: literal(value) }];
    });
  }

  #sampleValue(name: string, root: string): OptionValue | undefined {
    const option = this.#plan.options.find((each) => each.name === name);
    if (option?.path?.kind === 'output') return path.join(root, 'test/output', name);
    const value = this.sample[name];
    if (typeof value === 'string') return path.join(root, value);
    return Array.isArray(value) ? value.map((part) => path.join(root, String(part))) : undefined;
  }

  #original({ value }: ProjectOption): OptionValue | undefined {
    const resolved = (text: unknown): string => path.resolve(this.#directory, String(text));
    return Array.isArray(value) ? value.map(resolved) : resolved(value);
  }
}

function filesOf(options: readonly ProjectOption[], directory: string): ReadonlyMap<string, OptionFiles> {
  const found = new Map<string, Omit<OptionFiles, 'folder'>>();
  for (const option of options) {
    if (option.path?.kind !== 'input' || option.value === undefined) continue;
    const patterns: readonly unknown[] = Array.isArray(option.value) ? option.value : [option.value];
    const matched = patterns.map((pattern) => matchPattern(String(pattern), directory));
    const local = matched.filter((match) => match !== undefined);
    const files = local.flatMap((match) => match.files);
    if (local.length < matched.length || files.length === 0) continue;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    found.set(option.name, { option, matched: local, isCopied: bytes <= LIMIT_BYTES });
  }
  return new Map(
    [...found].map(([name, files]) => [name, { ...files, folder: found.size === 1 ? '' : `${name}/` }]),
  );
}

function below(top: string, { option, matched, folder }: OptionFiles): OptionValue {
  const paths = matched.map(({ pattern }) => `${top}/${folder}${pattern}`);
  return option.isList ? paths : (paths[0] ?? '');
}
