import type { HistoryRequest, JsonObject, RequestContents } from '../protocol/index.ts';

/** A request's content is not what its type asks for. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';

  constructor(what: string, received: unknown) {
    const text = received === undefined ? 'nothing' : JSON.stringify(received);
    super(`Cannot answer the request as ${what}: received ${text}`);
  }
}

/** Checks an execute_request; what may be left out gets the protocol's default. */
export function executeContent(content: JsonObject): RequestContents['execute_request'] {
  const silent = flag(content, 'silent', false);
  const expressions = content.user_expressions ?? {};
  if (
    typeof expressions !== 'object' ||
    Object.values(expressions).some((value) => typeof value !== 'string')
  ) {
    throw new MalformedRequestError('user_expressions must be an object of strings', expressions);
  }
  return {
    code: text(content, 'code'),
    silent,
    // "If silent is true, store_history is forced to be false."
    store_history: !silent && flag(content, 'store_history', true),
    user_expressions: expressions as Readonly<Record<string, string>>, // checked just now
    stop_on_error: flag(content, 'stop_on_error', true),
  };
}

/** Checks a complete_request; without a cursor, it is at the end. */
export function completeContent(content: JsonObject): RequestContents['complete_request'] {
  return { code: text(content, 'code'), cursor_pos: integer(content, 'cursor_pos') ?? Infinity };
}

/** Checks an inspect_request; without a cursor, it is at the end. */
export function inspectContent(content: JsonObject): RequestContents['inspect_request'] {
  return { ...completeContent(content), detail_level: integer(content, 'detail_level') === 1 ? 1 : 0 };
}

/** Checks an is_complete_request. */
export function isCompleteContent(content: JsonObject): RequestContents['is_complete_request'] {
  return { code: text(content, 'code') };
}

/** Checks a history_request. */
export function historyContent(content: JsonObject): HistoryRequest {
  const output = flag(content, 'output', false);
  const n = integer(content, 'n');
  const kind = content.hist_access_type;
  switch (kind) {
    case 'tail':
      return { hist_access_type: kind, output, n: n ?? 10 };
    case 'range':
      return {
        hist_access_type: kind,
        output,
        session: integer(content, 'session') ?? 0,
        start: integer(content, 'start') ?? 1,
        stop: integer(content, 'stop'),
      };
    case 'search':
      return {
        hist_access_type: kind,
        output,
        pattern: content.pattern === undefined ? '*' : text(content, 'pattern'),
        unique: flag(content, 'unique', false),
        n,
      };
    default:
      throw new MalformedRequestError('hist_access_type must be "tail", "range" or "search"', kind);
  }
}

/** Checks a shutdown_request. */
export function shutdownContent(content: JsonObject): RequestContents['shutdown_request'] {
  return { restart: flag(content, 'restart', false) };
}

function text(content: JsonObject, name: string): string {
  const value = content[name];
  if (typeof value !== 'string') throw new MalformedRequestError(`${name} must be a string`, value);
  return value;
}

/** Clients send null for what they leave open. */
function flag(content: JsonObject, name: string, fallback: boolean): boolean {
  const value = content[name] ?? fallback;
  if (typeof value !== 'boolean') throw new MalformedRequestError(`${name} must be a boolean`, value);
  return value;
}

function integer(content: JsonObject, name: string): number | undefined {
  const value = content[name] ?? undefined;
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return value;
  throw new MalformedRequestError(`${name} must be an integer`, value);
}
