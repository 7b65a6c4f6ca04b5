/**
 * Thrown by a sink that wants no more, to unwind what feeds it: generators run their finally blocks on the way.
 *
 * It is no failure. It never passes through a user's function, and never leaves the engine.
 */
export class EarlyStop extends Error {
  override readonly name = 'EarlyStop';
}

/** The one that is thrown: made once, so that stopping costs no stack trace. */
export const EARLY_STOP = new EarlyStop('Stopped as enough elements were there');
