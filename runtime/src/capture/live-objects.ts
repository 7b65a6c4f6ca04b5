import { isNative, type Builtins } from './builtins.ts';
import { Refusal } from './refusal.ts';

const SETUP = 'Open it in setup() of a DoFn';

/** What instances of Node's classes are, as far as people have words for them; by class, the first one that fits. */
const KINDS: readonly [names: RegExp, reason: string, hint: string][] = [
  [
    /\b(Socket|TLSSocket|Server|Http2Session|Agent|ClientRequest|ServerResponse|IncomingMessage|WebSocket|EventSource|BroadcastChannel)\b/,
    'is a live connection',
    SETUP,
  ],
  [/\b(FileHandle|ReadStream|WriteStream|Dir)\b/, 'is an open file', SETUP],
  [
    /\b(Readable|Writable|Duplex|Transform|PassThrough|Stream|ReadableStream|WritableStream|TransformStream|Gzip|Gunzip|Interface)\b/,
    'is a stream',
    SETUP,
  ],
  [/\b(Timeout|Immediate)\b/, 'is a timer', 'Start it in setup() of a DoFn, and stop it in teardown()'],
  [/\bChildProcess\b/, 'is a child process', 'Start it in setup() of a DoFn, and end it in teardown()'],
  [
    /\b(Worker|MessagePort|MessageChannel)\b/,
    'is a thread, or a way to one',
    'Start it in setup() of a DoFn',
  ],
  [/\b(AbortController|AbortSignal)\b/, 'is a signal of this process', 'Make it in setup() of a DoFn'],
  [/\b(DatabaseSync|StatementSync)\b/, 'is an open database', SETUP],
];

/** Why an instance of a class of JavaScript's or Node's cannot ship; undefined if its class is the user's alone. */
export function liveRefusal(value: object, builtins: Builtins): Refusal | undefined {
  const names: string[] = [];
  for (
    let prototype = Object.getPrototypeOf(value) as object | null;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    const name = builtins.nameInModules(prototype);
    const isNodes =
      name !== undefined ||
      (typeof constructor === 'function' && builtins.nameInModules(constructor) !== undefined);
    if (isNodes || isHandle(constructor)) names.push(nameOf(constructor) ?? name ?? 'object');
  }
  return names.length === 0 ? undefined : madeByNode(names);
}

/** Why an instance of these classes, its own first, cannot ship. */
export function madeByNode(names: readonly string[]): Refusal {
  const [first = 'object'] = names;
  const text = names.join(' ');
  const known = KINDS.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return new Refusal(known[1], known[2]);
  return new Refusal(`is ${/^[AEIOU]/.test(first) ? 'an' : 'a'} ${first}, made by Node`, SETUP);
}

/** Classes of Node's inside: timers, handles. */
function isHandle(constructor: unknown): boolean {
  return typeof constructor === 'function' && isNative(constructor);
}

function nameOf(constructor: unknown): string | undefined {
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : undefined;
}
