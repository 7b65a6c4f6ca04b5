import { InputBytes } from '../coders/input-bytes.ts';
import { OutputBytes } from '../coders/output-bytes.ts';
import { ValueCoder } from '../coders/value-coder.ts';
import { describeError } from '../display/describe-error.ts';
import { preview } from '../display/preview.ts';
import { userFrames } from '../display/stack-frames.ts';
import {
  ElementText,
  NonDeterministicKeyError,
  PipelineAssertionError,
  PipelineError,
  SchemaMismatchError,
  UserCodeError,
} from '../errors.ts';

/** Makes the lines of a V8 stack that lead to a captured module lead to the cells and files that it was made of. */
export type MapStack = (stack: string) => string;

/** Begins the line that is for us, in whatever a runner makes of an error's text. */
const MARK = 'millrace-error: ';
/** An element is sent whole if its encoding is no longer than this. */
const MOST_ELEMENT_BYTES = 4096;
/** Lines of an error that is no PipelineError: a fault of ours. */
const MOST_LINES = 12;
/** How many of the parts of an element that do not match are told. */
const MOST_ISSUES = 20;
/** How many causes of causes are told. */
const MOST_CAUSES = 3;

/** What was thrown, as it travels. */
interface SentCause {
  readonly name: string;
  readonly message: string;
  /** The user's frames alone. */
  readonly stack: string;
  readonly cause?: SentCause | undefined;
}

/** A PipelineError as it travels. */
interface SentError {
  readonly name: string;
  readonly message: string;
  readonly hint: string;
  readonly transform?: string | undefined;
  readonly cause?: SentCause | undefined;
  /** Of a UserCodeError. */
  readonly method?: string | undefined;
  /** Of a UserCodeError, and of a PipelineAssertionError. */
  readonly appliedAt?: string | undefined;
  /** Of a UserCodeError, and of a SchemaMismatchError. */
  readonly element?: SentValue | undefined;
  /** Of a SchemaMismatchError. */
  readonly issues?: readonly string[] | undefined;
  /** What was thrown that is no Error. */
  readonly thrown?: SentValue | undefined;
}

/** Encoded by the value coder, in base64; or what is shown of a value that is too long, or has no encoding. */
type SentValue = { readonly bytes: string } | { readonly text: string };

/**
 * The text that a worker gives its runner for an error: at most 12 lines for people, with the user's own cells and lines,
 * and one from which `workerErrorFrom` makes the error again.
 */
export function workerErrorText(error: unknown, mapStack: MapStack = (stack) => stack): string {
  mapStacks(error, mapStack);
  if (!(error instanceof PipelineError)) {
    const text =
      error instanceof Error ? (error.stack ?? String(error)) : `A worker threw ${preview(error, 200)}`;
    return text.split('\n').slice(0, MOST_LINES).join('\n');
  }
  const lines = describeError(error)?.lines ?? [error.message];
  return [...lines, `${MARK}${JSON.stringify(sent(error))}`].join('\n');
}

/**
 * Finds an error that `workerErrorText` wrote in what a runner tells of a failed job, whatever stands around it.
 * Undefined if there is none.
 */
export function workerErrorFrom(text: string): PipelineError | undefined {
  const at = text.indexOf(MARK);
  if (at === -1) return undefined;
  const [line = ''] = text.slice(at + MARK.length).split(/\r?\n/, 1);
  const found = parsed(line);
  return found === undefined ? undefined : restored(found);
}

/** The stack of an error is text that it owns: what shows it later reads the mapped one. */
function mapStacks(error: unknown, mapStack: MapStack): void {
  let next = error;
  for (let depth = 0; depth <= MOST_CAUSES && next instanceof Error; depth++) {
    try {
      if (typeof next.stack === 'string') next.stack = mapStack(next.stack);
    } catch {
      // A frozen error, or one with a getter of its own: it is shown as it is.
    }
    next = next.cause;
  }
}

function sent(error: PipelineError): SentError {
  const { name, message, hint, transform } = error;
  const cause = sentCause(error.cause, 0);
  if (error instanceof PipelineAssertionError) {
    return { name, message, hint, transform, cause, appliedAt: placeOf(error.appliedAt) };
  }
  if (error instanceof SchemaMismatchError) {
    const { issues, element } = error;
    return {
      name,
      message,
      hint,
      transform,
      issues: issues.slice(0, MOST_ISSUES),
      element: sentValue(element),
    };
  }
  if (!(error instanceof UserCodeError)) return { name, message, hint, transform, cause };
  const { method, element } = error;
  const appliedAt = placeOf(error.appliedAt);
  const thrown = cause === undefined ? sentValue(error.cause) : undefined;
  return { name, message, hint, transform, cause, thrown, method, appliedAt, element: sentValue(element) };
}

/** The line of a stack in which the user applied a transform. */
function placeOf(stack: string | undefined): string | undefined {
  const [place] = userFrames(stack ?? '');
  return place === undefined ? undefined : `    at ${place.text}`;
}

function sentCause(cause: unknown, depth: number): SentCause | undefined {
  if (!(cause instanceof Error) || depth >= MOST_CAUSES) return undefined;
  const frames = userFrames(cause.stack ?? '').slice(0, 8);
  return {
    name: cause.name,
    message: cause.message.slice(0, 2000),
    stack: frames.map(({ text }) => `    at ${text}`).join('\n'),
    cause: sentCause(cause.cause, depth + 1),
  };
}

function sentValue(value: unknown): SentValue | undefined {
  if (value === undefined) return undefined;
  try {
    const out = new OutputBytes();
    new ValueCoder().encode(value, out);
    if (out.length <= MOST_ELEMENT_BYTES) return { bytes: Buffer.from(out.view()).toString('base64') };
  } catch {
    // It is shown by its preview.
  }
  return { text: preview(value, 220) };
}

/** Reads the line's JSON; a runner may have put something after it, or quoted the text that it is in. */
function parsed(line: string): SentError | undefined {
  for (const candidate of [line, unquoted(line)]) {
    try {
      const value: unknown = JSON.parse(candidate.slice(0, endOfObject(candidate)));
      if (isSentError(value)) return value;
    } catch {
      // The next one, then.
    }
  }
  return undefined;
}

/** Where the JSON object that the text begins with ends. */
function endOfObject(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    if (depth === 0) return index + token.length;
  }
  return text.length;
}

/** The text within a string literal of Go or JSON, up to its next line. */
function unquoted(line: string): string {
  const end = /(?<!\\)"|\\n/.exec(line.replaceAll('\\\\', '__'))?.index ?? line.length;
  try {
    return String(JSON.parse(`"${line.slice(0, end)}"`));
  } catch {
    return '';
  }
}

function isSentError(value: unknown): value is SentError {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>; // any object can be asked for any field
  return ['name', 'message', 'hint'].every((field) => typeof fields[field] === 'string');
}

function restored(error: SentError): PipelineError {
  const { message, hint, transform, method, appliedAt } = error;
  const cause = error.cause === undefined ? restoredValue(error.thrown) : restoredCause(error.cause);
  if (method !== undefined) {
    return new UserCodeError({
      transform: transform ?? '',
      method,
      element: restoredValue(error.element),
      cause,
      appliedAt: appliedAt === undefined ? undefined : `\n${appliedAt}`,
    });
  }
  if (error.name === 'PipelineAssertionError') {
    return new PipelineAssertionError(message, {
      transform,
      appliedAt: appliedAt && `\n${appliedAt}`,
      cause,
    });
  }
  const plain = new PipelineError(message, { transform, hint, cause });
  plain.name = error.name;
  plain.stack = `${error.name}: ${message}`;
  // Their own constructors make the message that is there already.
  if (error.name === 'NonDeterministicKeyError')
    Object.setPrototypeOf(plain, NonDeterministicKeyError.prototype);
  if (error.name === 'SchemaMismatchError') {
    Object.assign(plain, { issues: error.issues ?? [], element: restoredValue(error.element) });
    Object.setPrototypeOf(plain, SchemaMismatchError.prototype);
  }
  return plain;
}

function restoredValue(value: SentValue | undefined): unknown {
  if (value === undefined) return undefined;
  if ('text' in value) return new ElementText(value.text);
  return new ValueCoder().decode(new InputBytes(Buffer.from(value.bytes, 'base64')));
}

function restoredCause({ name, message, stack, cause }: SentCause): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: restoredCause(cause) });
  error.name = name;
  error.stack = `${name}: ${message}\n${stack}`;
  return error;
}
