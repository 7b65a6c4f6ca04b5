import { droppedText, formatCount, formatDuration } from './format.ts';
import type { GraphNode, GraphView } from './graph-view.ts';
import { fit } from './text-width.ts';

const NAME_WIDTH = 60;

/**
 * A graph for a terminal, one line for each step.
 *
 * A step stands below the one that it reads; where several read one, all but the last are on branches of their own.
 * A step that reads several stands once, below the last of them, and names them all.
 */
export function graphText(view: GraphView): string {
  return [view.title, ...new Drawing(view).lines()].join('\n');
}

class Drawing {
  readonly #steps: readonly GraphNode[];
  readonly #byId: ReadonlyMap<string, GraphNode>;
  readonly #next = new Map<string, Set<string>>();
  readonly #inputs = new Map<string, Set<string>>();
  readonly #tags = new Map<string, string>();
  readonly #drawn = new Set<string>();
  readonly #lines: string[] = [];

  constructor(view: GraphView) {
    const parents = new Set(view.nodes.map(({ parent }) => parent));
    this.#byId = new Map(view.nodes.map((node) => [node.id, node]));
    this.#steps = [...this.#byId.values()].filter(({ id }) => !parents.has(id));
    for (const { from, to, label } of view.edges) {
      if (from === to || !this.#byId.has(from) || !this.#byId.has(to)) continue;
      addTo(this.#next, from, to);
      addTo(this.#inputs, to, from);
      if (label !== undefined) this.#tags.set(`${from}\n${to}`, label);
    }
  }

  lines(): readonly string[] {
    for (const step of this.#steps) {
      if (!this.#inputs.has(step.id)) this.#draw(step.id, { first: '', rest: '' });
    }
    // What is left has no beginning: a circle, which no pipeline has.
    for (const step of this.#steps) {
      if (!this.#drawn.has(step.id)) this.#draw(step.id, { first: '', rest: '' });
    }
    return this.#lines;
  }

  /** `first` stands before the step's own line, `rest` before all that follow it. */
  #draw(id: string, prefix: { readonly first: string; readonly rest: string }): void {
    let at: string | undefined = id;
    let before = prefix.first;
    while (at !== undefined && !this.#drawn.has(at)) {
      this.#drawn.add(at);
      const followers: readonly string[] = [...(this.#next.get(at) ?? [])].filter(
        (to) => !this.#drawn.has(to),
      );
      const ready = followers.filter((to) => this.#isReady(to));
      const later = followers.filter((to) => !this.#isReady(to));
      this.#lines.push(before + this.#lineOf(at, later));
      for (const branch of ready.slice(0, -1)) {
        this.#draw(branch, { first: `${prefix.rest}├─`, rest: `${prefix.rest}│ ` });
      }
      // The branches may have drawn the last one, if it reads them as well.
      at = ready.at(-1);
      before = prefix.rest;
    }
  }

  #isReady(id: string): boolean {
    return [...(this.#inputs.get(id) ?? [])].every((from) => this.#drawn.has(from));
  }

  #lineOf(id: string, later: readonly string[]): string {
    const node = this.#byId.get(id);
    const inputs = [...(this.#inputs.get(id) ?? [])];
    const [only] = inputs;
    const tag = inputs.length === 1 && only !== undefined ? this.#tags.get(`${only}\n${id}`) : undefined;
    const facts = [
      node?.elements === undefined
        ? undefined
        : `${formatCount(node.elements)} element${node.elements === 1 ? '' : 's'}`,
      node?.dropped === undefined ? undefined : droppedText(node.dropped),
      node?.ms === undefined ? undefined : formatDuration(node.ms),
      ...(node?.metrics ?? []),
      node?.mark === undefined || node.mark === 'recomputed' ? undefined : node.mark,
    ].filter((fact) => fact !== undefined);
    return [
      `● ${this.#nameOf(id)}`,
      tag === undefined ? '' : ` [${fit(tag, 20)}]`,
      facts.length === 0 ? '' : `  ${facts.join(' · ')}`,
      inputs.length > 1 ? `  ← ${inputs.map((from) => this.#nameOf(from)).join(', ')}` : '',
      later.length > 0 ? `  → ${later.map((to) => this.#nameOf(to)).join(', ')}` : '',
    ].join('');
  }

  #nameOf(id: string): string {
    return fit(this.#byId.get(id)?.fullName ?? id, NAME_WIDTH);
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}
