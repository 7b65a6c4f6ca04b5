import { escapeHtml } from './escape.ts';
import { formatBytes, formatCount, formatDuration, formatPlural } from './format.ts';
import type { MimeBundle } from './mime-bundle.ts';
import { fit } from './text-width.ts';

/** How far a run is. */
export interface ProgressView {
  /** The step that runs: its full name. */
  readonly stage: string;
  /** Elements read so far. */
  readonly elements: number;
  readonly elementsPerSecond: number;
  readonly bytes?: number | undefined;
  readonly totalBytes?: number | undefined;
  readonly elapsedMs: number;
  readonly state: 'running' | 'done' | 'failed' | 'interrupted';
}

const BAR = 24;
const COLORS: Readonly<Record<ProgressView['state'], string>> = {
  running: '#4a88d8',
  done: '#3f9d6b',
  failed: '#d0554f',
  interrupted: '#c98a1b',
};

/** A progress bar, to be updated in place; says the time left when the total is known. */
export function progressBundle(view: ProgressView): MimeBundle {
  const share = shareOf(view);
  const facts = factsOf(view, share).join(' · ');
  const color = COLORS[view.state];
  // Inline styles alone: it is drawn several times a second, and has no script.
  const bar =
    share === undefined
      ? ''
      : `<div role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${Math.round(share * 100)}" aria-label="${escapeHtml(view.stage)}" style="height:4px;max-width:480px;margin-top:4px;border-radius:2px;background:var(--jp-layout-color3, rgba(128,128,128,.3));overflow:hidden"><div style="height:100%;width:${(share * 100).toFixed(1)}%;background:${color}"></div></div>`;
  return {
    data: {
      'text/html':
        `<div class="millrace" style="font:13px/1.5 var(--jp-ui-font-family, system-ui, sans-serif);font-variant-numeric:tabular-nums">` +
        `<div><span style="color:${color}">●</span> <b style="font-weight:600">${escapeHtml(fit(view.stage, 60))}</b> ` +
        `<span style="color:var(--jp-ui-font-color2, #7b8490)">${escapeHtml(facts)}</span></div>${bar}</div>`,
      'text/plain': [fit(view.stage, 40), share === undefined ? undefined : textBar(share), facts]
        .filter((part) => part !== undefined)
        .join('  '),
    },
  };
}

function shareOf({ bytes, totalBytes, state }: ProgressView): number | undefined {
  if (bytes === undefined || totalBytes === undefined || !(totalBytes > 0)) return undefined;
  return state === 'done' ? 1 : Math.min(1, Math.max(0, bytes / totalBytes));
}

function factsOf(view: ProgressView, share: number | undefined): string[] {
  const { bytes, totalBytes, elapsedMs, state } = view;
  const facts: string[] = [];
  if (share !== undefined && state !== 'done') facts.push(`${Math.floor(share * 100)} %`);
  facts.push(formatPlural(view.elements, 'element'));
  if (view.elementsPerSecond > 0 && Number.isFinite(view.elementsPerSecond)) {
    facts.push(`${formatCount(view.elementsPerSecond)}/s`);
  }
  if (bytes !== undefined) {
    facts.push(
      share === undefined
        ? formatBytes(bytes)
        : `${formatBytes(bytes)} of ${formatBytes(totalBytes ?? bytes)}`,
    );
  }
  if (state !== 'running')
    facts.push(`${state === 'done' ? 'done' : state} after ${formatDuration(elapsedMs)}`);
  else if (share === undefined) facts.push(formatDuration(elapsedMs));
  // The first part of a run says little of the rest.
  else if (share >= 0.02 && share < 1) {
    facts.push(`about ${leftText((elapsedMs * (1 - share)) / share)} left`);
  }
  return facts;
}

/** Time left is a guess: whole seconds are exact enough. */
function leftText(ms: number): string {
  return ms < 59_000 ? `${Math.ceil(ms / 1000)} s` : formatDuration(ms);
}

function textBar(share: number): string {
  const filled = Math.round(share * BAR);
  return `[${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}]`;
}
