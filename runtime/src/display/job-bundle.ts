import { escapeHtml } from './escape.ts';
import { formatCount, formatDuration } from './format.ts';
import { graphImage } from './graph-bundle.ts';
import { layoutGraph } from './graph-layout.ts';
import { graphSvg } from './graph-svg.ts';
import { jobText } from './job-text.ts';
import type { JobStepView, JobTone, JobView } from './job-view.ts';
import { counterText } from './metric-text.ts';
import type { MimeBundle } from './mime-bundle.ts';
import { VIEW_STYLE } from './view-style.ts';

/** Our own MIME type, for the JupyterLab extension: the job as data. */
export const JOB_MIME = 'application/vnd.millrace.job+json';

const COLORS: Readonly<Record<JobTone, string>> = {
  waiting: '#7b8490',
  running: '#3f7fd0',
  done: '#2f9464',
  failed: '#d0483f',
  stopped: '#c98a1b',
};

/** Counters stand beside the steps where there is room, else below: no column of the steps is cut off. */
const AS_WIDE_AS_ITS_TABLE = 'flex:1 1 auto;max-width:100%';

/** A job as a notebook shows it: state, graph, steps, counters, messages. It has no script: it is drawn anew each time. */
export async function jobBundle(view: JobView): Promise<MimeBundle> {
  const graph = await graphHtml(view);
  const html =
    `<div class="millrace">${VIEW_STYLE}${headHtml(view)}${errorHtml(view)}` +
    `${notesHtml(view)}${graph}` +
    `<div class="mr-columns mr-section"><div class="mr-main" style="${AS_WIDE_AS_ITS_TABLE}">${stepsHtml(view)}</div>${sideHtml(view)}</div>` +
    `${messagesHtml(view)}</div>`;
  return { data: { [JOB_MIME]: { version: 1, ...view }, 'text/html': html, 'text/plain': jobText(view) } };
}

function headHtml(view: JobView): string {
  const { name, id, runner, endpoint, state, tone, states, elapsedMs, watermarkLagMs } = view;
  const badge = `<span role="status" style="border-radius:9px;padding:0 9px;font-size:11.5px;line-height:18px;font-weight:600;color:#fff;background:${COLORS[tone]}">${escapeHtml(state)}</span>`;
  const times = states
    .map(({ state: word, at }) => `${escapeHtml(word)} ${new Date(at).toLocaleTimeString('en-GB')}`)
    .join(' → ');
  const facts = [
    `on ${runner} at ${endpoint}`,
    id,
    elapsedMs === undefined ? undefined : formatDuration(elapsedMs),
    watermarkLagMs === undefined ? undefined : `watermark ${formatDuration(watermarkLagMs)} behind`,
  ].filter((fact) => fact !== undefined);
  return (
    `<div class="mr-head">${badge}<span class="mr-name">${escapeHtml(name)}</span>` +
    `<span class="mr-dim">${escapeHtml(facts.join(' · '))}</span></div>` +
    (times === '' ? '' : `<div class="mr-dim" style="font-size:12px;margin-bottom:6px">${times}</div>`)
  );
}

function errorHtml({ error }: JobView): string {
  if (error === undefined) return '';
  return `<pre style="margin:4px 0 8px;padding:8px 10px;border-left:3px solid ${COLORS.failed};background:var(--jp-layout-color2,#8881);white-space:pre-wrap;font-size:12px">${escapeHtml(error.join('\n'))}</pre>`;
}

function notesHtml({ notes }: JobView): string {
  return notes.map((note) => `<div class="mr-dim">${escapeHtml(note)}</div>`).join('');
}

async function graphHtml({ graph }: JobView): Promise<string> {
  if (graph === undefined || graph.nodes.length === 0) return '';
  const layout = await layoutGraph(graph);
  return `<div class="mr-section">${graphImage(graph, { layout, svg: graphSvg(layout, graph.title) })}</div>`;
}

function stepsHtml({ steps }: JobView): string {
  if (steps.length === 0) return '';
  const hasErrors = steps.some(({ errors }) => errors > 0);
  const heads = ['elements', 'per second', 'time in your code', ...(hasErrors ? ['errors'] : [])];
  const rows = steps.map((step) => stepHtml(step, hasErrors)).join('');
  return (
    `<div class="mr-scroll"><table class="mr-grid"><thead><tr><th>step</th>` +
    `${heads.map((head) => `<th class="mr-n">${head}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table></div>`
  );
}

function stepHtml({ name, elements, perSecond, ms, errors }: JobStepView, hasErrors: boolean): string {
  const cells = [
    elements === undefined ? '' : formatCount(elements),
    perSecond === undefined ? '' : formatCount(perSecond),
    ms === undefined ? '' : formatDuration(ms),
    ...(hasErrors ? [errors === 0 ? '' : formatCount(errors)] : []),
  ];
  return `<tr><td>${escapeHtml(name)}</td>${cells.map((cell) => `<td class="mr-n">${cell}</td>`).join('')}</tr>`;
}

function sideHtml({ counters, otherMetrics = [] }: JobView): string {
  if (counters.length + otherMetrics.length === 0) return '';
  const rows = [...counters.map((counter) => ({ ...counter, text: counterText(counter) })), ...otherMetrics]
    .map(
      ({ step, name, text }) =>
        `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(step)}</td><td class="mr-n">${escapeHtml(text)}</td></tr>`,
    )
    .join('');
  return (
    `<div class="mr-side"><div class="mr-scroll"><table class="mr-grid"><thead><tr><th>metric</th><th>step</th>` +
    `<th class="mr-n">value</th></tr></thead><tbody>${rows}</tbody></table></div></div>`
  );
}

function messagesHtml({ messages }: JobView): string {
  if (messages.length === 0) return '';
  const lines = messages.map(({ importance, text }) => `${importance}: ${text}`).join('\n');
  return (
    `<details class="mr-section"><summary class="mr-dim" style="cursor:pointer">Messages of the runner</summary>` +
    `<pre style="margin:4px 0 0;max-height:240px;overflow:auto;white-space:pre-wrap;font-size:12px">${escapeHtml(lines)}</pre></details>`
  );
}
