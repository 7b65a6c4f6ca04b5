import { Reply, Router, XPublisher, type Socket } from 'zeromq';
import type { Message } from '../protocol/index.ts';
import type { ConnectionInfo } from './connection-file.ts';
import { errorMessage } from './error-message.ts';
import { decodeMessage, encodeMessage, type Received } from './message-codec.ts';
import { SendQueue } from './send-queue.ts';
import { Signer } from './signer.ts';

/** How long a closed socket may still deliver what was sent, in milliseconds. */
const LINGER_MS = 1000;

/** How many iopub messages may wait before their maker is asked to pause. */
const IOPUB_LIMIT = 256;

/** The sockets that requests arrive on. */
export type RequestChannel = 'shell' | 'control' | 'stdin';

/** What the sockets tell their owner. */
export interface SocketListener {
  /** A message arrived; never throws. */
  readonly onMessage: (channel: RequestChannel, received: Received) => void;
  /** A client subscribed to iopub; the answer is a message for that topic. */
  readonly onSubscribe: (topic: Uint8Array) => void;
  /** Something was dropped; one sentence for the log. */
  readonly onNotice: (notice: string) => void;
}

/** The five sockets of a kernel: bytes in, checked messages out, and the reverse. */
export class KernelSockets {
  readonly #signer: Signer;
  readonly #listener: SocketListener;
  readonly #routers: Readonly<Record<RequestChannel, Router>>;
  readonly #iopub: XPublisher;
  readonly #heartbeat: Reply;
  readonly #queues: Readonly<Record<RequestChannel | 'iopub', SendQueue>>;
  #closed = false;

  private constructor(connection: ConnectionInfo, listener: SocketListener) {
    const options = {
      sendHighWaterMark: 0,
      receiveHighWaterMark: 0,
      linger: LINGER_MS,
      ipv6: connection.ipv6,
    };
    const queue = (socket: Router | XPublisher): SendQueue =>
      new SendQueue(socket, (error) => {
        listener.onNotice(`Cannot send a message: ${errorMessage(error)}`);
      });
    this.#signer = new Signer(connection.key);
    this.#listener = listener;
    // A client that comes back under its old identity takes over from its lost connection.
    const router = (): Router => new Router({ ...options, handover: true });
    this.#routers = { shell: router(), control: router(), stdin: router() };
    this.#iopub = new XPublisher({ ...options, verbosity: 'allSubs' });
    this.#heartbeat = new Reply({ linger: 0, ipv6: connection.ipv6 });
    this.#queues = {
      shell: queue(this.#routers.shell),
      control: queue(this.#routers.control),
      stdin: queue(this.#routers.stdin),
      iopub: queue(this.#iopub),
    };
  }

  /**
   * Binds all sockets, and only then reads from any: a client that has an answer can rely on the rest.
   *
   * @throws if an address is taken or cannot be bound; whatever was bound is closed again.
   */
  static async bind(connection: ConnectionInfo, listener: SocketListener): Promise<KernelSockets> {
    const sockets = new KernelSockets(connection, listener);
    const { shell, control, stdin } = sockets.#routers;
    const { endpoints } = connection;
    try {
      await Promise.all([
        shell.bind(endpoints.shell),
        control.bind(endpoints.control),
        stdin.bind(endpoints.stdin),
        sockets.#iopub.bind(endpoints.iopub),
        sockets.#heartbeat.bind(endpoints.hb),
      ]);
    } catch (error) {
      sockets.#closeAll();
      throw error;
    }
    sockets.#accept();
    return sockets;
  }

  /** Sends on a request socket, to the client that `identities` names. */
  reply(channel: RequestChannel, identities: readonly Uint8Array[], message: Message<unknown>): void {
    this.#enqueue(channel, identities, message);
  }

  /** Sends to all that listen on iopub. */
  publish(topic: Uint8Array, message: Message<unknown>): void {
    this.#enqueue('iopub', [topic], message);
  }

  /** A promise while many iopub messages wait to be handed to ZeroMQ: whoever makes them should wait for it. */
  pressure(): Promise<void> | undefined {
    return this.#queues.iopub.length > IOPUB_LIMIT ? this.#queues.iopub.drained() : undefined;
  }

  /** Sends what is waiting, then closes all sockets. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map((queue) => queue.drained()));
    this.#closeAll();
  }

  #enqueue(
    channel: RequestChannel | 'iopub',
    identities: readonly Uint8Array[],
    message: Message<unknown>,
  ): void {
    if (this.#closed) return;
    this.#queues[channel].enqueue(encodeMessage(message, { identities, signer: this.#signer }));
  }

  #accept(): void {
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      void this.#receive(this.#routers[channel], (frames) => this.#onFrames(channel, frames));
    }
    void this.#receive(this.#iopub, ([frame]) => {
      // XPUB tells of a subscription by a byte 1 and the topic, of its end by a byte 0.
      if (frame?.[0] === 1) this.#listener.onSubscribe(frame.subarray(1));
    });
    void this.#receive(this.#heartbeat, (frames) => this.#heartbeat.send([...frames]));
  }

  /** One loop a socket; it ends when the socket is closed, and never rejects. */
  async #receive(
    socket: Socket & AsyncIterable<Uint8Array[]>,
    take: (frames: readonly Uint8Array[]) => void | Promise<void>,
  ): Promise<void> {
    while (!this.#closed) {
      try {
        for await (const frames of socket) await take(frames);
        return;
      } catch (error) {
        this.#listener.onNotice(errorMessage(error));
      }
    }
  }

  #onFrames(channel: RequestChannel, frames: readonly Uint8Array[]): void {
    let received: Received;
    try {
      received = decodeMessage(frames, this.#signer);
    } catch (error) {
      this.#listener.onNotice(`${errorMessage(error)} (on ${channel})`);
      return;
    }
    this.#listener.onMessage(channel, received);
  }

  #closeAll(): void {
    this.#closed = true;
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) socket.close();
  }
}
