import { formatCount, formatDuration, formatPlural } from './format.ts';
import type { JobStepView, JobView } from './job-view.ts';
import { fit, displayWidth } from './text-width.ts';

const NAME_WIDTH = 48;

/** A job for a terminal: its state, a line for each step, its counters, and what went wrong. */
export function jobText(view: JobView): string {
  const width = Math.min(NAME_WIDTH, Math.max(0, ...view.steps.map(({ name }) => displayWidth(name))));
  return [
    jobLine(view),
    ...view.steps.map((step) => `  ${stepLine(step, width)}`),
    ...view.counters.map(({ step, name, value }) => `  ${name} = ${formatCount(value)}  (${step})`),
    ...view.notes.map((note) => `  ${note}`),
    ...(view.error ?? []).map((line) => `  ${line}`),
  ].join('\n');
}

/** A job in one line: what a script prints at each change of state. */
export function jobLine({ name, id, runner, state, elapsedMs, endpoint }: JobView): string {
  return `Job "${name}" (${id}) on ${runner} at ${endpoint}: ${state}${elapsedMs === undefined ? '' : ` after ${formatDuration(elapsedMs)}`}`;
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
