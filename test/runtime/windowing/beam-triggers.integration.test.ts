import { execFileSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { triggers, type Trigger } from '../../../runtime/src/index.ts';
import { continuationTrigger } from '../../../runtime/src/model/trigger.ts';
import { hasOnTimePane } from '../../../runtime/src/windowing/has-on-time-pane.ts';
import { mayLoseData } from '../../../runtime/src/windowing/may-lose-data.ts';
import { PEERS_MISSING, PEERS_PYTHON } from '../../support/peers.ts';
import { ROOT } from '../../support/repository.ts';

/** Any trigger, a few levels deep. */
const anyTrigger = fc.letrec<{ trigger: Trigger }>((tie) => {
  const trigger = tie('trigger');
  const several = fc.array(trigger, { minLength: 1, maxLength: 3 });
  const both = fc.record({ early: trigger, late: trigger }, { requiredKeys: [] });
  return {
    trigger: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(triggers.defaultTrigger(), triggers.always(), triggers.never()),
      fc.integer({ min: 1, max: 5 }).map((count) => triggers.afterCount(count)),
      fc.integer({ min: 0, max: 5 }).map((seconds) => triggers.afterProcessingTime({ seconds })),
      fc.constant<Trigger>({ kind: 'afterSynchronizedProcessingTime' }),
      both.map((parts) => triggers.afterWatermark(parts)),
      trigger.map((each) => triggers.repeatedly(each)),
      several.map((each) => triggers.afterEach(...each)),
      several.map((each) => triggers.afterFirst(...each)),
      several.map((each) => triggers.afterAll(...each)),
      fc.tuple(trigger, trigger).map(([main, until]) => triggers.orFinally(main, until)),
    ),
  };
}).trigger;

/** Early and late triggers are repeated in any case: whether they say so makes no difference. */
function withoutRepeats(trigger: unknown): unknown {
  return JSON.parse(JSON.stringify(trigger), (name, value: unknown) => {
    let inner = value as Trigger; // only looked into where it is one
    if (name === 'early' || name === 'late') while (inner.kind === 'repeatedly') inner = inner.trigger;
    return inner;
  });
}

const cases = fc.record({ trigger: anyTrigger, allowedLateness: fc.constantFrom(0, 5000) });

test.skipIf(PEERS_MISSING !== undefined)(
  `triggers say of themselves what Beam Python's say (${PEERS_MISSING ?? 'it is there'})`,
  { timeout: 120_000 },
  () => {
    const given = fc.sample(cases, { numRuns: 400, seed: 20 });
    const script = path.join(ROOT, 'test/support/beam_triggers.py');
    const said = execFileSync(PEERS_PYTHON, [script], { input: JSON.stringify(given), encoding: 'utf8' });
    const ours = given.map(({ trigger, allowedLateness }) => ({
      mayLoseData: mayLoseData(trigger, allowedLateness),
      hasOnTimePane: hasOnTimePane(trigger),
      continuation: continuationTrigger(trigger),
    }));
    expect(withoutRepeats(ours)).toEqual(withoutRepeats(JSON.parse(said)));
  },
);
