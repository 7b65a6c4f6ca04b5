import type { DisplayApi, Picture } from '../../cells/display-api.ts';
import type { SessionOutput } from '../session-output.ts';
import { checkedBundle, showsItself, showValue, textOf } from './mime-bundle.ts';

/** What makeDisplay needs. */
export interface DisplayOptions {
  readonly send: (output: SessionOutput) => void;
  /** The cell waits for it. */
  readonly waitFor: (shown: Promise<void>) => void;
}

/** Makes the global `display`. */
export function makeDisplay({ send, waitFor }: DisplayOptions): DisplayApi {
  const show = (data: Readonly<Record<string, unknown>>, metadata: Readonly<Record<string, unknown>> = {}) =>
    send({ kind: 'display', data: checkedBundle(data), metadata: { ...metadata }, update: false });
  const showOne = async (value: unknown): Promise<void> => {
    const { data, metadata } = await showValue(value);
    send({ kind: 'display', data, metadata, update: false });
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
    javascript: (code: string) => show({ 'application/javascript': code }),
    latex: (latex: string) => show({ 'text/latex': latex }),
    bundle: show,
    clear: ({ wait = false }: { readonly wait?: boolean } = {}) => send({ kind: 'clear', wait }),
  });
}
