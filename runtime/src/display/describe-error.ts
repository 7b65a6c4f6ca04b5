import { PipelineAssertionError, PipelineError, UserCodeError } from '../errors.ts';
import { definedAt } from './defined-at.ts';
import { className, preview } from './preview.ts';
import { userFrames } from './stack-frames.ts';
import { fit } from './text-width.ts';

/** An error as its author should see it. */
export interface ErrorDescription {
  /** The class: "UserCodeError". */
  readonly name: string;
  readonly message: string;
  /** The whole description, plain text, at most 12 lines of at most 160 characters. */
  readonly lines: readonly string[];
}

const WIDTH = 160;
const MAX_MESSAGE_LINES = 3;
/** Of the report of an assertion. */
const MAX_REPORT_LINES = 8;
const MAX_FRAMES = 4;
const MAX_CAUSES = 1;
/** An element is shown on at most two lines. */
const ELEMENT_WIDTH = 110;
/** Methods that have no element; in the others undefined is one. */
const WITHOUT_ELEMENT: ReadonlySet<string> = new Set(['setup', 'startBundle', 'finishBundle', 'teardown']);

/**
 * Describes a PipelineError in at most 12 lines: what failed and where it was applied, the element, the user's own
 * frames, and what to do. Undefined for any other value: that is not an error of a pipeline.
 *
 * Never throws, whatever was thrown and whatever the element is.
 */
export function describeError(error: unknown): ErrorDescription | undefined {
  if (!(error instanceof PipelineError)) return undefined;
  const lines =
    error instanceof UserCodeError
      ? userCodeLines(error)
      : error instanceof PipelineAssertionError
        ? assertionLines(error)
        : pipelineLines(error);
  const message = textOf(error, 'message');
  return {
    name: textOf(error, 'name') || 'PipelineError',
    message,
    lines: lines.map((line) => fit(line, WIDTH)),
  };
}

function userCodeLines(error: UserCodeError): string[] {
  const { cause } = error;
  const place = definedAt(error.appliedAt);
  const hasElement = error.element !== undefined || !WITHOUT_ELEMENT.has(error.method);
  return [
    ...messageLines(`"${error.transform ?? ''}" threw in ${error.method}: ${thrownText(cause)}`),
    ...(place === undefined ? [] : [`applied in: ${place}`]),
    ...(hasElement ? elementLines(error.element) : []),
    ...frameLines(cause),
    ...causeLines(cause),
    // The general hint speaks of "the element above".
    `hint: ${hasElement ? error.hint : 'Call the function in a cell of its own to see it fail alone'}`,
  ];
}

/** The report is short already, and made to be read as it is. */
function assertionLines(error: PipelineAssertionError): string[] {
  const place = definedAt(error.appliedAt);
  return [
    ...textOf(error, 'message').split('\n').flatMap(wrap).slice(0, MAX_REPORT_LINES),
    ...(place === undefined ? [] : [`applied in: ${place}`]),
    ...frameLines(error.cause).slice(0, 1),
    `hint: ${error.hint}`,
  ];
}

function pipelineLines(error: PipelineError): string[] {
  return [
    ...messageLines(textOf(error, 'message')),
    ...frameLines(error).slice(0, 2),
    ...causeLines(error),
    ...messageLines(`hint: ${error.hint}`),
  ];
}

function elementLines(element: unknown): string[] {
  const label = 'element: ';
  const shown = preview(element, ELEMENT_WIDTH * 2);
  if (shown.length <= ELEMENT_WIDTH) return [label + shown];
  // Break at a space if there is one near.
  const space = shown.lastIndexOf(' ', ELEMENT_WIDTH);
  const at = space > ELEMENT_WIDTH / 2 ? space + 1 : ELEMENT_WIDTH;
  return [label + shown.slice(0, at).trimEnd(), ' '.repeat(label.length) + shown.slice(at)];
}

function frameLines(thrown: unknown): string[] {
  const stack = textOf(thrown, 'stack');
  return userFrames(stack)
    .slice(0, MAX_FRAMES)
    .map((frame) => `    at ${frame.text}`);
}

function causeLines(error: unknown): string[] {
  const lines: string[] = [];
  let cause = read(error, 'cause');
  for (let depth = 0; depth < MAX_CAUSES && cause !== undefined; depth++) {
    lines.push(`caused by: ${messageLines(thrownText(cause))[0] ?? ''}`);
    cause = read(cause, 'cause');
  }
  return lines;
}

/** What was thrown, in words: "TypeError: x is not a function"; the value itself if it is no Error. */
function thrownText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return preview(thrown, WIDTH);
  const name = textOf(thrown, 'name') || className(thrown) || 'Error';
  const message = textOf(thrown, 'message');
  return message === '' ? name : `${name}: ${message}`;
}

/** A text of any length as at most three lines. */
function messageLines(message: string): string[] {
  const lines = message
    .slice(0, WIDTH * 200)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .flatMap(wrap);
  if (lines.length <= MAX_MESSAGE_LINES) return lines;
  return [...lines.slice(0, MAX_MESSAGE_LINES - 1), `… ${lines.length - MAX_MESSAGE_LINES + 1} more lines`];
}

/** Breaks a line that is too long, at spaces where there are some. */
function wrap(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(' ', WIDTH);
    const at = space > WIDTH / 2 ? space : WIDTH;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}

/** A property of what was thrown, which may be anything: its getters may throw. */
function read(thrown: unknown, key: string): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  try {
    return (thrown as Readonly<Record<string, unknown>>)[key]; // any object can be asked for any key
  } catch {
    return undefined;
  }
}

function textOf(thrown: unknown, key: string): string {
  const value = read(thrown, key);
  return typeof value === 'string' ? value : '';
}
