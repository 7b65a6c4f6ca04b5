import type { DisplayApi, Picture, TslabModule } from '../../cells/display-api.ts';
import type { SessionOutput } from '../session-output.ts';
import { checkedBundle, showsItself, showValue, textOf } from './mime-bundle.ts';

/** What makeDisplay needs. */
export interface DisplayOptions {
  readonly send: (output: SessionOutput) => void;
  /** The cell waits for it. */
  readonly waitFor: (shown: Promise<void>) => void;
}

/** Makes the module "tslab": the same display, and displays that overwrite themselves. */
export function makeTslab(options: DisplayOptions): TslabModule {
  return {
    display: makeDisplay(options),
    newDisplay: () => makeDisplay(options, `millrace-display-${crypto.randomUUID()}`),
  };
}

/**
 * Makes the global `display`.
 *
 * @param displayId What it shows first is a display with this id, what it shows next updates that.
 */
export function makeDisplay({ send, waitFor }: DisplayOptions, displayId?: string): DisplayApi {
  let isUpdate = false;
  const sendDisplay = (data: Record<string, unknown>, metadata: Readonly<Record<string, unknown>>) => {
    const place = displayId === undefined ? { update: false } : { displayId, update: isUpdate };
    send({ kind: 'display', data, metadata: { ...metadata }, ...place });
    isUpdate = true;
  };
  const show = (data: Readonly<Record<string, unknown>>, metadata: Readonly<Record<string, unknown>> = {}) =>
    sendDisplay(checkedBundle(data), metadata);
  const showOne = async (value: unknown): Promise<void> => {
    const { data, metadata } = await showValue(value);
    sendDisplay(data, metadata);
  };
  const display = (...values: readonly unknown[]): void => {
    for (const value of values) {
      if (showsItself(value)) waitFor(showOne(value));
      else if (typeof value === 'object' && value !== null && '$schema' in value) waitFor(showOne(value));
      else show({ 'text/plain': textOf(value) });
    }
  };
  const picture = (type: string) => (content: Picture) => show({ [type]: content });
  return Object.assign(display, {
    html: (html: string) => show({ 'text/html': html }),
    markdown: (markdown: string) => show({ 'text/markdown': markdown }),
    text: (text: string) => show({ 'text/plain': text }),
    json: (value: unknown) => show({ 'application/json': value, 'text/plain': textOf(value) }),
    svg: (svg: string) => show({ 'image/svg+xml': svg }),
    png: picture('image/png'),
    jpeg: picture('image/jpeg'),
    gif: picture('image/gif'),
    pdf: picture('application/pdf'),
    javascript: (code: string) => show({ 'application/javascript': code }),
    latex: (latex: string) => show({ 'text/latex': latex }),
    raw: (type: string, content: Picture) => show({ [type]: content }),
    bundle: show,
    clear: ({ wait = false }: { readonly wait?: boolean } = {}) => send({ kind: 'clear', wait }),
  });
}
