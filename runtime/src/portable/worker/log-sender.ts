import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  BeamFnLogging,
  LogEntry_ListSchema,
  LogEntry_Severity_Enum,
  LogEntrySchema,
  type LogControl,
  type LogEntry,
  type LogEntry_List,
} from '../../proto/fn-api.ts';
import { ServiceClient } from '../grpc/service-client.ts';
import { MessageStream } from './message-stream.ts';

/** How grave a log entry is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a log entry comes from. */
export interface LogPlace {
  readonly instructionId?: string | undefined;
  readonly transformId?: string | undefined;
  readonly thread?: string | undefined;
}

/** Takes log entries; never waits. */
export interface Logger {
  log(level: LogLevel, message: string, place?: LogPlace): void;
}

const SEVERITY: Readonly<Record<LogLevel, LogEntry_Severity_Enum>> = {
  debug: LogEntry_Severity_Enum.DEBUG,
  info: LogEntry_Severity_Enum.INFO,
  warn: LogEntry_Severity_Enum.WARN,
  error: LogEntry_Severity_Enum.ERROR,
};

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** What may wait to be sent, in entries and in characters; what is more is dropped, oldest first, and counted. */
const MAX_ENTRIES = 10_000;
const MAX_CHARACTERS = 4_000_000;
/** Of one entry; the rest of a longer one is cut. */
const MAX_MESSAGE = 100_000;
const BATCH = 500;
/** How long the runner may take to accept the connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 1000;

/**
 * Sends log entries to the runner's logging service.
 *
 * It never blocks and holds no more than a few megabytes: a runner that does not read loses the oldest entries and is
 * told how many. While the runner cannot be reached entries go to `fallback`.
 */
export class LogSender implements Logger {
  readonly #client: ServiceClient<typeof BeamFnLogging> | undefined;
  readonly #fallback: (line: string) => void;
  readonly #now: () => number;
  #least = LEVELS.indexOf('info');
  #stream: MessageStream<LogEntry_List, LogControl> | undefined;
  #queue: LogEntry[] = [];
  #characters = 0;
  #dropped = 0;
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: {
    /** None: everything goes to `fallback`. */
    readonly endpoint: string | undefined;
    readonly workerId: string;
    readonly fallback: (line: string) => void;
    readonly now?: () => number;
  }) {
    this.#client =
      options.endpoint === undefined
        ? undefined
        : new ServiceClient(BeamFnLogging, {
            url: options.endpoint,
            metadata: { worker_id: options.workerId },
          });
    this.#fallback = options.fallback;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Opens the stream before there is anything to send.
   *
   * Beam's Java runners end their logging service first, and wait a minute for a stream that begins while they do: as one
   * for the error of the very first bundle would.
   */
  async open(): Promise<void> {
    if (this.#client !== undefined) await this.#open(this.#client);
  }

  /** Entries below this level are not sent. Takes Beam's names too: "WARNING", "CRITICAL". Others are left unheeded. */
  setLevel(name: string): void {
    const level = name.toLowerCase().replace('warning', 'warn').replace('critical', 'error');
    const index = LEVELS.indexOf(level as LogLevel); // -1 if it is none
    if (index !== -1) this.#least = index;
  }

  log(level: LogLevel, message: string, { instructionId, transformId, thread }: LogPlace = {}): void {
    if (LEVELS.indexOf(level) < this.#least) return;
    const text =
      message.length <= MAX_MESSAGE
        ? message
        : `${message.slice(0, MAX_MESSAGE)}… (${message.length - MAX_MESSAGE} more characters)`;
    if (this.#client === undefined || this.#isClosed) {
      this.#fallback(`${level}: ${text}`);
      return;
    }
    this.#push(
      create(LogEntrySchema, {
        severity: SEVERITY[level],
        message: text,
        timestamp: timestampFromMs(this.#now()),
        instructionId: instructionId ?? '',
        transformId: transformId ?? '',
        thread: thread ?? '',
      }),
    );
    this.#draining ??= this.#drain(this.#client);
  }

  /** Sends what waits, but gives up after `timeoutMs`, and ends the connection. */
  async close(timeoutMs = 2000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    const sent = async () => {
      while (this.#draining !== undefined) await this.#draining;
      this.#stream?.end();
      await this.#stream?.ended;
    };
    await Promise.race([sent(), late]);
    clearTimeout(timer);
    this.#isClosed = true;
    this.#stream?.cancel();
    this.#client?.close();
  }

  #push(entry: LogEntry): void {
    this.#queue.push(entry);
    this.#characters += entry.message.length;
    while (this.#queue.length > MAX_ENTRIES || this.#characters > MAX_CHARACTERS) {
      const oldest = this.#queue.shift();
      this.#characters -= oldest?.message.length ?? 0;
      this.#dropped += 1;
    }
  }

  async #drain(client: ServiceClient<typeof BeamFnLogging>): Promise<void> {
    await Promise.resolve(); // what is logged in one go is sent in one message
    while (this.#queue.length > 0 && !this.#isClosed) {
      const batch = this.#queue.splice(0, BATCH);
      for (const entry of batch) this.#characters -= entry.message.length;
      if (this.#dropped > 0) {
        batch.unshift(
          create(LogEntrySchema, {
            severity: LogEntry_Severity_Enum.WARN,
            message: `${this.#dropped} log entries were dropped: the runner reads them too slowly`,
            timestamp: timestampFromMs(this.#now()),
          }),
        );
        this.#dropped = 0;
      }
      const stream = await this.#open(client);
      if ((await stream?.write(create(LogEntry_ListSchema, { logEntries: batch }))) !== true) {
        for (const entry of batch) this.#fallback(entry.message);
      }
    }
    this.#draining = undefined;
  }

  /** Undefined if the runner cannot be reached. A stream takes what is written before it is known to be one. */
  async #open(
    client: ServiceClient<typeof BeamFnLogging>,
  ): Promise<MessageStream<LogEntry_List, LogControl> | undefined> {
    if (this.#stream?.isOpen === true) return this.#stream;
    try {
      await client.waitForReady(CONNECT_TIMEOUT_MS);
    } catch {
      return undefined;
    }
    this.#stream = new MessageStream(client.bidiStream('logging'));
    void drop(this.#stream);
    return this.#stream;
  }
}

/** Reads what the runner sends, which means nothing yet: an unread stream does not end. */
async function drop(stream: MessageStream<LogEntry_List, LogControl>): Promise<void> {
  const messages = stream.messages();
  while ((await messages.next()).done !== true);
}
