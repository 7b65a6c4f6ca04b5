import { escapeHtml } from './escape.ts';
import { formatCount, formatDuration, formatPlural } from './format.ts';
import type { MimeBundle } from './mime-bundle.ts';
import { displayWidth, fit, pad } from './text-width.ts';
import { VIEW_STYLE } from './view-style.ts';

/** Why one step was or was not run. */
export interface ExplainedStep {
  /** Full name, as in the graph. */
  readonly name: string;
  /**
   * `computed`: it ran. `cache`: its elements were in the cache. `skipped`: nobody needed its elements, as what follows
   * came from the cache. `not asked`: no request had it yet.
   */
  readonly origin: 'computed' | 'cache' | 'skipped' | 'not asked';
  /** As a part of a sentence: `value "factor" changed`. */
  readonly why: string;
  /** Elements that it made, then or when the entry was made; undefined where that is not known. */
  readonly elements: number | undefined;
  /** Milliseconds in the step itself, then or when the entry was made: an estimate. Undefined where it is not known. */
  readonly ms: number | undefined;
  /** Of `cache`: milliseconds that the run took which made the entry, with all that is upstream of it; else undefined. */
  readonly savedMs: number | undefined;
}

/** Why the steps of a PCollection were or were not run. */
export interface ExplanationView {
  /** What is explained, as its user calls it. */
  readonly title: string;
  /** When it was asked for last, in milliseconds since the epoch; undefined if never. */
  readonly askedAt: number | undefined;
  /** Producers first. */
  readonly steps: readonly ExplainedStep[];
  /** Milliseconds that the cache saved at that request: those of the runs that made the entries, each run once. */
  readonly savedMs: number;
}

const NAME_WIDTH = 48;
const ORIGINS: Readonly<Record<ExplainedStep['origin'], string>> = {
  computed: 'computed',
  cache: 'from the cache',
  skipped: 'not needed',
  'not asked': 'not asked for',
};

/** A table with a line for each step. */
export function explanationBundle(view: ExplanationView): MimeBundle {
  const rows = view.steps.map(
    (step) =>
      `<tr><td>${escapeHtml(step.name)}</td><td>${ORIGINS[step.origin]}</td>` +
      `<td style="white-space:normal">${escapeHtml(step.why)}</td>` +
      `<td class="mr-n">${step.elements === undefined ? '' : formatCount(step.elements)}</td>` +
      `<td class="mr-n">${step.ms === undefined ? '' : formatDuration(step.ms)}</td>` +
      `<td class="mr-n">${step.savedMs === undefined ? '' : formatDuration(step.savedMs)}</td></tr>`,
  );
  const heads = ['step', 'origin', 'why'].map((head) => `<th>${head}</th>`).join('');
  const numbers = ['elements', 'time', 'saved'].map((head) => `<th class="mr-n">${head}</th>`).join('');
  const html =
    `<div class="millrace">${VIEW_STYLE}<div class="mr-head"><span class="mr-name">${escapeHtml(view.title)}</span>` +
    `<span class="mr-dim">${escapeHtml(factsOf(view).join(' · '))}</span></div>` +
    `<div class="mr-scroll"><table class="mr-grid"><thead><tr>${heads}${numbers}</tr></thead>` +
    `<tbody>${rows.join('')}</tbody></table></div></div>`;
  return { data: { 'text/html': html, 'text/plain': explanationText(view) } };
}

/** The same for a terminal. */
export function explanationText(view: ExplanationView): string {
  const names = view.steps.map(({ name }) => fit(name, NAME_WIDTH));
  const width = Math.max(0, ...names.map(displayWidth));
  const lines = view.steps.map((step, index) => {
    const facts = [
      step.elements === undefined ? undefined : formatPlural(step.elements, 'element'),
      step.ms === undefined ? undefined : formatDuration(step.ms),
      step.savedMs === undefined ? undefined : `${formatDuration(step.savedMs)} saved`,
    ].filter((fact) => fact !== undefined);
    const tail = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
    return `  ${pad(names[index] ?? '', width)}  ${pad(ORIGINS[step.origin], 14)}  ${step.why}${tail}`;
  });
  return [[view.title, ...factsOf(view)].join(' · '), ...lines].join('\n');
}

function factsOf({ askedAt, savedMs }: ExplanationView): readonly string[] {
  if (askedAt === undefined) return ['not asked for yet'];
  const asked = `asked for at ${new Date(askedAt).toLocaleString()}`;
  return savedMs > 0 ? [asked, `about ${formatDuration(savedMs)} saved`] : [asked];
}
