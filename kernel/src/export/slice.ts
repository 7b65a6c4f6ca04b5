import { ExportError } from './export-error.ts';
import { MutationFinder } from './mutations.ts';
import type { NotebookTypes } from './notebook-types.ts';
import { isWriting } from './text-io.ts';
import type { Reference, Unit } from './unit.ts';

/** A PCollection, or several in an array or object, that the exported pipeline gives. */
export interface Target {
  readonly unit: Unit;
  readonly name: string;
  /** It is an array or object of PCollections. */
  readonly isSeveral: boolean;
  /** The pipeline writes it to files itself; what it holds are their names. */
  readonly isWritten: boolean;
}

/** What of a notebook a pipeline needs. */
export interface Slice {
  /** In the order of the notebook. */
  readonly units: readonly Unit[];
  readonly targets: readonly Target[];
  /** Units of the parameters cell that the others read: they become options. */
  readonly parameters: readonly Unit[];
  /**
   * What cells were checked against when they ran, and a later cell has declared anew: not part of the pipeline, but needed to
   * run the cells one after the other.
   */
  readonly replaced: readonly Unit[];
  /** What holds the pipeline itself; undefined if it has no name. */
  readonly pipeline: { readonly unit: Unit; readonly name: string } | undefined;
  /** Whether it makes or holds a part of the pipeline. */
  isOfPipeline(unit: Unit): boolean;
  /** What running a unit changes of what others declare. */
  changes(unit: Unit): ReadonlySet<Unit>;
}

/** What slicing needs to know of a notebook. */
export interface SliceOptions {
  readonly units: readonly Unit[];
  readonly references: ReadonlyMap<Unit, readonly Reference[]>;
  readonly types: NotebookTypes;
  /** The PCollections to export; all that nothing else takes, if none is named. */
  readonly pcollections: readonly string[];
}

/** Whether a unit stands in a cell of parameters. */
export function isParameter({ cell, kind }: Unit): boolean {
  return kind === 'value' && (cell.tags.has('parameters') || cell.tags.has('injected-parameters'));
}

/**
 * Takes from a notebook what its pipeline needs: the PCollections asked for, what they are made of, and the statements that change
 * what they are made of. What only looks is left behind.
 *
 * @throws {ExportError} if there is no pipeline, or more than one to choose from, or if it needs what a look gave.
 */
export function slice(options: SliceOptions): Slice {
  return new Slicer(options).slice();
}

class Slicer {
  readonly #options: SliceOptions;
  readonly #mutations: MutationFinder;
  readonly #closures = new Map<Unit, ReadonlySet<Unit>>();

  constructor(options: SliceOptions) {
    this.#options = options;
    this.#mutations = new MutationFinder(options.references, {
      isImmutable: (unit) => this.#kinds(unit).some((kind) => kind === 'pipeline' || kind === 'pcollection'),
    });
  }

  slice(): Slice {
    const { targets, writes } = this.#choose();
    const needed = new Set<Unit>();
    const need = (unit: Unit): void => {
      for (const part of this.#closure(unit)) needed.add(part);
    };
    for (const { unit } of targets) need(unit);
    for (const unit of writes) need(unit);
    this.#addMutations(needed, need);
    for (const unit of this.#options.units) if (isAmbient(unit)) need(unit);
    const units = this.#options.units.filter((unit) => needed.has(unit));
    this.#refuseLooks(units, targets);
    const pipeline = units
      .flatMap((unit) => unit.names.map(({ text }) => ({ unit, name: text })))
      .find(({ unit, name }) => this.#options.types.kindOf(unit, name) === 'pipeline');
    return {
      units: units.filter((unit) => !isParameter(unit)),
      targets,
      parameters: units.filter(isParameter),
      replaced: this.#replaced(units),
      pipeline,
      isOfPipeline: (unit) => this.#isOfPipeline(unit) || this.#isWriting(unit),
      changes: (unit) => {
        const { certain, possible } = this.#mutations.of(unit);
        return new Set([...certain, ...possible]);
      },
    };
  }

  /** What the units were checked against, and all that this needs. */
  #replaced(units: readonly Unit[]): readonly Unit[] {
    const known = new Set(units);
    const found = new Set<Unit>();
    for (const unit of known) {
      for (const { replaced = [] } of this.#options.references.get(unit) ?? []) {
        for (const part of replaced.flatMap((each) => [...this.#closure(each)])) {
          if (!known.has(part)) found.add(part);
          known.add(part);
        }
      }
    }
    return this.#options.units.filter((unit) => found.has(unit));
  }

  /** The statements that change what is needed, or the world, and what these need. */
  #addMutations(needed: ReadonlySet<Unit>, need: (unit: Unit) => void): void {
    const candidates = this.#options.units.filter(({ kind }) => kind === 'effect' || kind === 'value');
    let size = -1;
    while (size !== needed.size) {
      size = needed.size;
      for (const unit of candidates) {
        if (needed.has(unit) || isParameter(unit)) continue;
        const { certain, possible, isGlobal } = this.#mutations.of(unit);
        const isLook = this.#lookIn(unit) !== undefined;
        const changes = [...certain, ...(isLook ? [] : possible)];
        if (
          changes.some((changed) => needed.has(changed)) ||
          (isGlobal && !isLook && unit.kind === 'effect')
        ) {
          need(unit);
        }
      }
    }
  }

  #choose(): Choice {
    const candidates = this.#candidates();
    const { pcollections } = this.#options;
    if (pcollections.length === 0) return this.#whole(candidates, undefined);
    const named = pcollections.map((name) => {
      const found = candidates.find((candidate) => candidate.name === name);
      if (found !== undefined) return found;
      throw new ExportError(
        `Cannot export "${name}" as the notebook must declare a PCollection or pipeline of this name: received none`,
        this.#whichThereAre(candidates),
      );
    });
    const roots = new Set(named.flatMap(({ unit }) => this.#roots(unit)));
    if (roots.size > 1) {
      throw new ExportError(
        `Cannot export ${quoted(pcollections)} as they must belong to one pipeline: received ${describe(roots)}`,
        'Export each pipeline to a folder of its own',
      );
    }
    const [only] = named;
    if (only !== undefined && this.#kinds(only.unit).includes('pipeline'))
      return this.#whole(candidates, only.unit);
    return { targets: named.map((candidate) => this.#target(candidate)), writes: [] };
  }

  /** Everything of one pipeline: what it writes, and the PCollections that nothing takes. */
  #whole(candidates: readonly Candidate[], root: Unit | undefined): Choice {
    const roots =
      root === undefined ? new Set(candidates.flatMap(({ unit }) => this.#roots(unit))) : new Set([root]);
    if (roots.size === 0) {
      throw new ExportError(
        'Cannot export the notebook as it must make a pipeline: received none',
        'Begin one with beam.pipeline(), and give its PCollections names at the top level of a cell',
      );
    }
    if (roots.size > 1) {
      throw new ExportError(
        `Cannot export the notebook as one pipeline must be chosen: received ${describe(roots)}`,
        `Choose with --pcollection NAME. ${this.#whichThereAre(candidates)}`,
      );
    }
    const isOfRoot = (unit: Unit): boolean => this.#roots(unit).some((own) => roots.has(own));
    const own = candidates.filter(({ unit, kind }) => kind !== 'pipeline' && isOfRoot(unit));
    const writes = this.#options.units.filter(
      (unit) =>
        unit.kind === 'effect' && this.#isWriting(unit) && this.#lookIn(unit) === undefined && isOfRoot(unit),
    );
    const takers = [...new Set([...own.map(({ unit }) => unit), ...writes])];
    // Lists that one loop fills stand on each other: neither takes the other.
    const takes = (taker: Unit, unit: Unit): boolean =>
      this.#filled(taker).has(unit) && !this.#filled(unit).has(taker);
    const targets = own
      .filter(({ unit }) => !takers.some((taker) => taker !== unit && takes(taker, unit)))
      .map((candidate) => this.#target(candidate));
    if (targets.length === 0 && writes.length === 0) {
      throw new ExportError(
        `Cannot export ${describe(roots)} as a pipeline must hold a PCollection: received none`,
        'Apply a source to it, and give what comes out a name',
      );
    }
    return { targets, writes };
  }

  #target({ unit, name, kind }: Candidate): Target {
    return { unit, name, isSeveral: kind === 'pcollections', isWritten: this.#isWriting(unit) };
  }

  /** The names that hold a PCollection or pipeline when all cells have run. */
  #candidates(): readonly Candidate[] {
    const last = new Map<string, Candidate>();
    for (const unit of this.#options.units) {
      for (const { text } of unit.names) {
        const kind = this.#options.types.kindOf(unit, text);
        if (kind === 'other') last.delete(text);
        else last.set(text, { unit, name: text, kind });
      }
    }
    return [...last.values()];
  }

  /** The pipelines, or first PCollections, that a unit stands on. */
  #roots(unit: Unit): readonly Unit[] {
    const own = [...this.#filled(unit)].filter((part) => this.#isOfPipeline(part));
    return own.filter((part) => {
      const upstream = [...this.#filled(part)].filter((other) => other !== part && this.#isOfPipeline(other));
      return upstream.length === 0;
    });
  }

  /** What a unit needs to run, and what the statements need that fill it: `parts.push(p.apply(…))`. */
  #filled(unit: Unit): ReadonlySet<Unit> {
    const filled = new Set(this.#closure(unit));
    for (const part of filled) {
      if (!this.#kinds(part).includes('pcollections')) continue;
      for (const filling of this.#options.units) {
        if (filling.kind !== 'effect' || !this.#mutations.of(filling).certain.has(part)) continue;
        for (const other of this.#closure(filling)) filled.add(other);
      }
    }
    return filled;
  }

  #isOfPipeline(unit: Unit): boolean {
    return this.#kinds(unit).some((kind) => kind !== 'other');
  }

  #kinds(unit: Unit): readonly string[] {
    return unit.names.map(({ text }) => this.#options.types.kindOf(unit, text));
  }

  /** A unit and all that it needs to run. Of a parameter only the value counts, which the command line gives. */
  #closure(unit: Unit): ReadonlySet<Unit> {
    const known = this.#closures.get(unit);
    if (known !== undefined) return known;
    const closure = new Set<Unit>([unit]);
    for (const part of closure) {
      if (isParameter(part)) continue;
      for (const { targets } of this.#options.references.get(part) ?? [])
        for (const target of targets) closure.add(target);
    }
    this.#closures.set(unit, closure);
    return closure;
  }

  #isWriting(unit: Unit): boolean {
    const references = this.#options.references;
    const isCalled = (part: Unit): boolean => part === unit || !this.#isOfPipeline(part);
    return [...this.#closure(unit)].some((part) => isCalled(part) && isWriting(part, references));
  }

  /** What makes a unit a look: the interactive runner, or the notebook's display. */
  #lookIn(unit: Unit): { readonly unit: Unit; readonly what: string } | undefined {
    for (const part of this.#closure(unit)) {
      for (const { identifier, targets } of this.#options.references.get(part) ?? []) {
        const isDisplay = targets.length === 0 && identifier.text === 'display';
        const isRunner = targets.some((target) => isInteractive(target));
        if (isDisplay || isRunner) return { unit: part, what: wholeName(identifier) };
      }
    }
    return undefined;
  }

  #refuseLooks(units: readonly Unit[], targets: readonly Target[]): void {
    for (const unit of units) {
      const look = this.#lookIn(unit);
      if (look === undefined) continue;
      const { cell, names } = look.unit;
      const what = names.length === 0 ? 'a statement' : quoted(names.map(({ text }) => text));
      const needing = targets.find((target) => this.#closure(target.unit).has(look.unit))?.name;
      throw new ExportError(
        `Cannot export ${needing === undefined ? 'the pipeline' : `"${needing}"`} as building it must not look at results: ` +
          `received ${what} of cell ${cell.number}, which uses ${look.what}`,
        'Compute it inside the pipeline, or put the value into the cell tagged "parameters"; --pcollection NAME exports another part',
      );
    }
  }

  #whichThereAre(candidates: readonly Candidate[]): string {
    const names = candidates.map(({ name }) => name);
    return names.length === 0 ? 'The notebook declares none' : `There are ${names.join(', ')}`;
  }
}

interface Choice {
  readonly targets: readonly Target[];
  /** Statements that write files, and give nothing a name. */
  readonly writes: readonly Unit[];
}

interface Candidate {
  readonly unit: Unit;
  readonly name: string;
  readonly kind: string;
}

/** True for `declare global` and the like, which no one refers to by name; and for an import for its effects. */
function isAmbient({ kind, names }: Unit): boolean {
  return names.length === 0 && (kind === 'type' || kind === 'import');
}

function isInteractive({ imported }: Unit): boolean {
  return imported !== undefined && /^(millrace\/interactive|tslab)$/.test(imported.specifier);
}

function wholeName(identifier: Reference['identifier']): string {
  const { parent } = identifier;
  const text = parent.getText();
  return /^[\w$.]+$/.test(text) && text.startsWith(identifier.text) ? text : identifier.text;
}

function describe(roots: ReadonlySet<Unit>): string {
  const texts = [...roots].map(({ names, cell }) => {
    const name = names[0]?.text;
    return name === undefined ? `the one of cell ${cell.number}` : `"${name}" of cell ${cell.number}`;
  });
  return texts.join(' and ');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' and ');
}
