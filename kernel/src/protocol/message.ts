/** A JSON object whose content has not been checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A message's header, as the protocol names its fields. */
export interface MessageHeader {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Of the messaging protocol: "5.5". */
  readonly version: string;
}

/** One message in either direction; see "General message format" of the Jupyter messaging protocol. */
export interface Message<C = JsonObject> {
  readonly header: MessageHeader;
  /** The header of what this one answers; an empty object where it answers nothing. */
  readonly parent_header: MessageHeader | Readonly<Record<string, never>>;
  readonly metadata: JsonObject;
  readonly content: C;
  readonly buffers: readonly Uint8Array[];
}

/** The version of the messaging protocol that the kernel speaks. */
export const PROTOCOL_VERSION = '5.5';
