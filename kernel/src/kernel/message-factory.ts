import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { PROTOCOL_VERSION, type Message, type MessageHeader } from '../protocol/index.ts';

/** Makes the messages that one kernel sends: its session id, its user, a fresh id and the date. */
export class MessageFactory {
  readonly #session = randomUUID();
  readonly #username = username();
  #count = 0;

  /** A message of type `type`; `parent` is the header of what it answers, or comes from. */
  make<C>(
    type: string,
    options: { readonly parent: MessageHeader | undefined; readonly content: C },
  ): Message<C> {
    return {
      header: {
        msg_id: `${this.#session}_${++this.#count}`,
        msg_type: type,
        session: this.#session,
        username: this.#username,
        date: new Date().toISOString(),
        version: PROTOCOL_VERSION,
      },
      parent_header: options.parent ?? {},
      metadata: {},
      content: options.content,
      buffers: [],
    };
  }
}

function username(): string {
  try {
    return userInfo().username;
  } catch {
    return 'kernel'; // a container's user need not have a name
  }
}
