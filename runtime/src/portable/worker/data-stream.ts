import { create } from '@bufbuild/protobuf';
import {
  BeamFnData,
  ElementsSchema,
  type Elements,
  type Elements_Data,
  type Elements_Timers,
} from '../../proto/fn-api.ts';
import { ServiceClient } from '../grpc/service-client.ts';
import { MessageStream } from './message-stream.ts';

/** Who takes the elements of one instruction. */
export interface DataReceiver {
  /** Bytes for a data source, or timers of a family of a transform's; the buffer is the receiver's own. */
  data(place: DataPlace, bytes: Uint8Array<ArrayBuffer>, isLast: boolean): void;
  /** No more will come, or cannot be taken. */
  failed(reason: string): void;
}

/** Which of an instruction's streams of bytes it is. */
export interface DataPlace {
  readonly transformId: string;
  /** Of timers: the name that the transform gives them. */
  readonly timerFamilyId?: string | undefined;
}

/** Elements for one sink of one instruction, or timers that it sets. */
export interface OutgoingData extends DataPlace {
  readonly instructionId: string;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** Bytes that one instruction, and all of them, may hold before no more are read from the runner. */
const MAX_HELD = 8 << 20;
const MAX_HELD_BY_ALL = 64 << 20;
/** Bytes that are handed to gRPC at a time, and that may be under way. */
const BATCH_BYTES = 1 << 20;
const BATCH_COUNT = 100;
const MAX_UNDER_WAY = 4 << 20;
/** Ended instructions whose late data is known to be nobody's. */
const REMEMBERED = 10_000;

/**
 * The elements of all instructions, over one stream to one data endpoint.
 *
 * Data may come before its instruction does, and after it has failed; the former waits, the latter is dropped. Reading
 * stops while an instruction holds more than it should: gRPC's own flow control then holds the runner back. Output
 * is handed over no faster than gRPC takes it.
 *
 * @see https://s.apache.org/beam-fn-api-send-and-receive-data
 */
export class DataStream {
  readonly #stream: MessageStream<Elements, Elements>;
  readonly #client: ServiceClient<typeof BeamFnData>;
  readonly #receivers = new Map<string, DataReceiver>();
  readonly #early = new Map<string, Incoming[]>();
  readonly #ended = new Set<string>();
  readonly #held = new Map<string, number>();
  #heldByAll = 0;
  #room: (() => void) | undefined;
  #outgoing: { data: OutgoingData; done: (isSent: boolean) => void }[] = [];
  #underWay = 0;
  #isSending = false;
  #closed = false;

  constructor(options: { readonly url: string; readonly workerId: string }) {
    this.#client = new ServiceClient(BeamFnData, {
      url: options.url,
      metadata: { worker_id: options.workerId },
    });
    this.#stream = new MessageStream(this.#client.bidiStream('data'));
  }

  get isOpen(): boolean {
    return this.#stream.isOpen && !this.#closed;
  }

  /** Reads to the stream's end, and then fails all instructions that are left; resolves with the reason. */
  async run(): Promise<Error | undefined> {
    for await (const elements of this.#stream.messages()) {
      for (const data of elements.data) this.#route(incomingData(data));
      for (const timers of elements.timers) this.#route(incomingTimers(timers));
      while (this.#isFull() && this.isOpen) await this.#waitForRoom();
    }
    const error = await this.#stream.ended;
    const receivers = [...this.#receivers.values()];
    this.#receivers.clear();
    for (const receiver of receivers) {
      receiver.failed(`The runner closed the data stream: ${error?.message ?? 'no reason given'}`);
    }
    this.#client.close();
    return error;
  }

  /** Gives an instruction's elements to `receiver`, beginning with those that came before. */
  register(instructionId: string, receiver: DataReceiver): void {
    if (!this.isOpen) {
      receiver.failed('The data stream is closed');
      return;
    }
    this.#receivers.set(instructionId, receiver);
    const early = this.#early.get(instructionId);
    this.#early.delete(instructionId);
    for (const data of early ?? []) deliver(receiver, data);
  }

  /** The instruction has ended: what comes for it now is dropped. */
  unregister(instructionId: string): void {
    this.#receivers.delete(instructionId);
    this.#early.delete(instructionId);
    this.#ended.add(instructionId);
    if (this.#ended.size > REMEMBERED) {
      for (const oldest of this.#ended) {
        this.#ended.delete(oldest);
        break;
      }
    }
    this.consumed(instructionId, Infinity);
  }

  /** So many bytes of an instruction's input are held no longer. */
  consumed(instructionId: string, bytes: number): void {
    const held = this.#held.get(instructionId) ?? 0;
    const left = Math.max(0, held - bytes);
    this.#heldByAll -= held - left;
    if (left === 0) this.#held.delete(instructionId);
    else this.#held.set(instructionId, left);
    if (this.#room !== undefined && !this.#isFull()) this.#room();
  }

  /** Resolves when gRPC has taken the elements; false if the stream has gone. */
  send(data: OutgoingData): Promise<boolean> {
    return new Promise((done) => {
      this.#outgoing.push({ data, done });
      if (!this.#isSending) void this.#send();
    });
  }

  /** Says that no more will come from here, and ends what does not end by itself. */
  async close(timeoutMs = 1000): Promise<void> {
    this.#closed = true;
    this.#room?.();
    this.#stream.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.#stream.ended, late]);
    clearTimeout(timer);
    this.#stream.cancel();
    this.#client.close();
  }

  /** Bytes of input that are held for all instructions. */
  get heldBytes(): number {
    return this.#heldByAll;
  }

  #route(data: Incoming): void {
    const { instructionId } = data;
    const receiver = this.#receivers.get(instructionId);
    if (receiver === undefined && this.#ended.has(instructionId)) return;
    this.#held.set(instructionId, (this.#held.get(instructionId) ?? 0) + data.bytes.byteLength);
    this.#heldByAll += data.bytes.byteLength;
    if (receiver !== undefined) {
      deliver(receiver, data);
      return;
    }
    const early = this.#early.get(instructionId);
    if (early === undefined) this.#early.set(instructionId, [data]);
    else early.push(data);
  }

  #isFull(): boolean {
    if (this.#heldByAll > MAX_HELD_BY_ALL) return true;
    if (this.#heldByAll <= MAX_HELD) return false;
    for (const bytes of this.#held.values()) if (bytes > MAX_HELD) return true;
    return false;
  }

  async #waitForRoom(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#room = resolve;
      void this.#stream.ended.then(() => resolve());
    });
    this.#room = undefined;
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    await Promise.resolve(); // what is sent in one go goes in one message
    while (this.#outgoing.length > 0) {
      const batch = this.#takeBatch();
      const bytes = batch.reduce((sum, { data }) => sum + data.bytes.byteLength, 0);
      this.#underWay += bytes;
      const written = this.#stream.write(elementsOf(batch.map(({ data }) => data))).then((isSent) => {
        this.#underWay -= bytes;
        for (const { done } of batch) done(isSent);
      });
      if (this.#underWay > MAX_UNDER_WAY) await written;
    }
    this.#isSending = false;
  }

  #takeBatch(): { data: OutgoingData; done: (isSent: boolean) => void }[] {
    let count = 0;
    let bytes = 0;
    for (const { data } of this.#outgoing) {
      if (count > 0 && (bytes + data.bytes.byteLength > BATCH_BYTES || count === BATCH_COUNT)) break;
      bytes += data.bytes.byteLength;
      count += 1;
    }
    return this.#outgoing.splice(0, count);
  }
}

/** One message of some elements and timers. */
function elementsOf(batch: readonly OutgoingData[]): Elements {
  return create(ElementsSchema, {
    data: batch.filter(({ timerFamilyId }) => timerFamilyId === undefined).map(elementsData),
    timers: batch.flatMap(({ instructionId, transformId, timerFamilyId, bytes, isLast }) =>
      timerFamilyId === undefined
        ? []
        : [
            {
              $typeName: 'org.apache.beam.model.fn_execution.v1.Elements.Timers' as const,
              instructionId,
              transformId,
              timerFamilyId,
              timers: bytes,
              isLast,
            },
          ],
    ),
  });
}

/** Some runners and SDKs take an empty message for the end, so bytes and the end go in two. */
function elementsData({ instructionId, transformId, bytes, isLast }: OutgoingData) {
  return {
    $typeName: 'org.apache.beam.model.fn_execution.v1.Elements.Data' as const,
    instructionId,
    transformId,
    data: bytes,
    isLast,
  };
}

/** What came for an instruction. */
interface Incoming extends DataPlace {
  readonly instructionId: string;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

export function incomingData({ instructionId, transformId, data, isLast }: Elements_Data): Incoming {
  return { instructionId, transformId, bytes: data, isLast };
}

export function incomingTimers(from: Elements_Timers): Incoming {
  const { instructionId, transformId, timerFamilyId, timers, isLast } = from;
  return { instructionId, transformId, timerFamilyId, bytes: timers, isLast };
}

/** A copy, as the bytes are a part of a buffer that gRPC shares with other messages, and go to another thread. */
export function deliver(
  receiver: DataReceiver,
  { transformId, timerFamilyId, bytes, isLast }: Incoming,
): void {
  receiver.data({ transformId, timerFamilyId }, new Uint8Array(bytes), isLast);
}
