import { formatCount, formatDuration, formatPlural } from './format.ts';
import type { JobStepView, JobView } from './job-view.ts';
import { counterText } from './metric-text.ts';
import { fit, displayWidth } from './text-width.ts';

const NAME_WIDTH = 48;

/** A job for a terminal: its state, a line for each step, its counters, and what went wrong. */
export function jobText(view: JobView): string {
  return [jobLine(view), ...jobDetails(view)].join('\n');
}

/** What is known of a job beside its state: a line for each step, its counters, and what went wrong. */
export function jobDetails(view: JobView): readonly string[] {
  const width = Math.min(NAME_WIDTH, Math.max(0, ...view.steps.map(({ name }) => displayWidth(name))));
  return [
    ...view.steps.map((step) => `  ${stepLine(step, width)}`),
    ...view.counters.map((counter) => `  ${counter.name} = ${counterText(counter)}  (${counter.step})`),
    ...(view.otherMetrics ?? []).map(({ step, name, text }) => `  ${name} = ${text}  (${step})`),
    ...view.notes.map((note) => `  ${note}`),
    ...(view.error ?? []).map((line) => `  ${line}`),
  ];
}

/** A job in one line: what a script prints first. */
export function jobLine(view: JobView): string {
  const { name, id, runner, endpoint } = view;
  return `Job "${name}" (${id}) on ${runner} at ${endpoint}: ${stateText(view)}`;
}

/** The state of a job in one line: what a script prints when it changes. */
export function jobStateLine(view: JobView): string {
  return `Job "${view.name}": ${stateText(view)}`;
}

function stateText({ state, elapsedMs }: JobView): string {
  return elapsedMs === undefined ? state : `${state} after ${formatDuration(elapsedMs)}`;
}

/** Padded by columns, not by characters. */
function stepLine(step: JobStepView, width: number): string {
  const name = fit(step.name, NAME_WIDTH);
  const facts = stepFacts(step).join(' · ');
  return facts === '' ? name : `${name}${' '.repeat(Math.max(0, width - displayWidth(name)))}  ${facts}`;
}

function stepFacts({ elements, perSecond, ms, errors }: JobStepView): readonly string[] {
  return [
    elements === undefined ? undefined : formatPlural(elements, 'element'),
    perSecond === undefined || perSecond < 0.5 ? undefined : `${formatCount(perSecond)}/s`,
    ms === undefined ? undefined : formatDuration(ms),
    errors === 0 ? undefined : formatPlural(errors, 'error'),
  ].filter((fact) => fact !== undefined);
}
