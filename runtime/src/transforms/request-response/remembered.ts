import type { RequestCache } from './caller.ts';
import type { Outcome } from './guarded-call.ts';

/** Answers from a cache, if there is one and it has the response; else asks, and remembers it. */
export async function remembered<Req, Res>(
  request: Req,
  cache: RequestCache<Req, Res> | undefined,
  ask: () => Promise<Outcome<Res>>,
): Promise<Outcome<Res>> {
  const known = await cache?.get(request);
  if (known !== undefined) return { kind: 'response', response: known };
  const outcome = await ask();
  if (outcome.kind === 'response') await cache?.set(request, outcome.response);
  return outcome;
}
