/** The Jupyter messages that the kernel and its clients exchange: types only, so that a browser can import them. */
export type * from './replies.ts';
export type * from './requests.ts';
export { PROTOCOL_VERSION, type JsonObject, type Message, type MessageHeader } from './message.ts';
