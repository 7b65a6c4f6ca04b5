import type { JsonObject, Message, MessageHeader } from '../protocol/index.ts';
import { errorMessage } from './error-message.ts';
import { decodeJson, encodeJson } from './json.ts';
import type { Signer } from './signer.ts';

/** Between ZeroMQ's identities (or topic) and the message's own frames. */
const DELIMITER = Buffer.from('<IDS|MSG>');

/** A message that arrived, and who to send the answer to. */
export interface Received {
  readonly identities: readonly Uint8Array[];
  readonly message: Message;
}

/** These bytes are not a message for us: the kernel drops them and says so. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

/**
 * Reads one multipart message: identities, delimiter, signature, header, parent header, metadata, content, buffers.
 *
 * @throws {MalformedMessageError} if a frame is missing, not JSON, or the signature is wrong or was seen before.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export function decodeMessage(frames: readonly Uint8Array[], signer: Signer): Received {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (delimiter === -1) throw new MalformedMessageError(refused('it has no <IDS|MSG> frame'));
  const [signature, header, parent, metadata, content, ...buffers] = frames.slice(delimiter + 1);
  if (!signature || !header || !parent || !metadata || !content) {
    throw new MalformedMessageError(refused('it has too few frames'));
  }
  const why = signer.refusal(Buffer.from(signature).toString('latin1'), [header, parent, metadata, content]);
  if (why !== undefined) throw new MalformedMessageError(refused(why));
  return {
    identities: frames.slice(0, delimiter),
    message: {
      header: checkedHeader(object('header', header)),
      // Only ever sent back as it came, or ignored.
      parent_header: object('parent header', parent) as unknown as Message['parent_header'],
      metadata: object('metadata', metadata),
      content: object('content', content),
      buffers,
    },
  };
}

/** Writes one multipart message; the reverse of decodeMessage. */
export function encodeMessage(
  message: Message<unknown>,
  options: { readonly identities: readonly Uint8Array[]; readonly signer: Signer },
): Uint8Array[] {
  const json = [message.header, message.parent_header, message.metadata, message.content].map(encodeJson);
  const signature = Buffer.from(options.signer.sign(json));
  return [...options.identities, DELIMITER, signature, ...json, ...message.buffers];
}

function refused(why: string): string {
  return `Cannot read a message as ${why}: dropped`;
}

function object(what: string, frame: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = decodeJson(frame);
  } catch (error) {
    const why = `its ${what} is not JSON (${errorMessage(error)})`;
    throw new MalformedMessageError(refused(why), { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject; // checked just now
  }
  throw new MalformedMessageError(refused(`its ${what} is not an object`));
}

function checkedHeader(header: JsonObject): MessageHeader {
  const { msg_id, msg_type, session } = header;
  if (typeof msg_id !== 'string' || typeof msg_type !== 'string') {
    throw new MalformedMessageError(refused('its header has no msg_id and msg_type'));
  }
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    // What else a client put there goes back to it with the answer.
    ...header,
    msg_id,
    msg_type,
    session: text(session),
    username: text(header.username),
    date: text(header.date),
    version: text(header.version),
  };
}
