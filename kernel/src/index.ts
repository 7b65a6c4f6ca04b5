export { Session, type ExecuteOptions, type SessionOptions } from './session/session.ts';
export type { Outcome, OutputSink, SessionOutput } from './session/session-output.ts';
