import { guardCombine } from '../../executor/combine-operators.ts';
import { isSplittable } from '../../model/is-splittable.ts';
import { isStateful } from '../../model/is-stateful.ts';
import { isTimerSpec } from '../../model/timer.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import { isHeld } from '../../graph/fuse.ts';
import type { Plan } from '../../graph/plan.ts';
import type { AppliedPTransform } from '../../model/applied-ptransform.ts';
import type { PCollection } from '../../model/pcollection.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import { GLOBAL_WINDOWING } from '../../model/windowing-strategy.ts';
import { HeldElements } from '../side-inputs/held-elements.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import type { SideInputStore } from '../side-inputs/side-input-store.ts';
import { SplittableElements } from '../splittable/splittable-elements.ts';
import { KeyedElements } from '../state/keyed-elements.ts';
import type { Accumulation } from './accumulation.ts';
import { LIST, ofInputs } from './accumulations.ts';
import { copyHeld } from './copy-held.ts';
import type { DropReason, Groups, GroupsOptions } from './groups.ts';
import { SessionGroups } from './session-groups.ts';
import { TriggeredGroups } from './triggered-groups.ts';
import { WindowGroups } from './window-groups.ts';

/** What they need beside the plan. */
interface OpenGroupsOptions {
  readonly memory: RunMemory;
  readonly sideOf: (pcollection: PCollection<unknown>) => SideInputStore;
  /** Processing time. */
  readonly now: () => Timestamp;
  /** Splits each restriction after so many elements. */
  readonly restrictionElements?: number | undefined;
  readonly onDropped: (transform: string, why: DropReason, count: number) => void;
}

/** The groups of all groupByKeys and combinePerKeys of a plan, and what waits for side inputs, by transform id. */
export function openGroups(plan: Plan, options: OpenGroupsOptions): ReadonlyMap<string, Groups> {
  const groups = new Map<string, Groups>();
  for (const transform of plan.stages.flatMap((stage) => stage.shuffles)) {
    if (groups.has(transform.id)) continue;
    const name = plan.names.get(transform) ?? transform.label;
    const windowing = transform.inputs[0]?.windowing ?? GLOBAL_WINDOWING;
    const dropped = (why: DropReason, count: number) => options.onDropped(name, why, count);
    if (isHeld(transform)) {
      groups.set(transform.id, heldFor(transform, { name, windowing, ...options, onDropped: dropped }));
      continue;
    }
    groups.set(
      transform.id,
      groupsFor({
        transform: name,
        windowing,
        accumulation: accumulationOf(transform, name),
        memory: options.memory,
        onDropped: dropped,
      }),
    );
  }
  return groups;
}

/** What holds the input of a transform that has to wait: for side inputs, timers, or its turn. */
function heldFor(
  transform: AppliedPTransform,
  options: Omit<OpenGroupsOptions, 'onDropped'> & {
    readonly name: string;
    readonly windowing: WindowingStrategy;
    readonly onDropped: (why: DropReason, count: number) => void;
  },
): Groups {
  const { name, sideOf, memory } = options;
  const sides = [...transform.sideInputs.values()].map(sideOf);
  if (isSplittable(transform)) return new SplittableElements({ ...options, transform, sides });
  if (!isStateful(transform)) return new HeldElements(sides, { memory, transform: name });
  return new KeyedElements({
    ...options,
    transform: name,
    sides,
    isProcessingTime: (family) => goesByProcessingTime(transform, family),
  });
}

/** The cheapest groups that do what the windowing asks for. */
export function groupsFor(options: GroupsOptions): Groups {
  const { windowing } = options;
  if (firesOnce(windowing)) {
    if (windowing.windowFn.merge === undefined) return new WindowGroups(options);
    if (windowing.windowFn.standard?.kind === 'sessions') return new SessionGroups(options);
  }
  return new TriggeredGroups(options);
}

function goesByProcessingTime({ spec }: AppliedPTransform, family: string): boolean {
  const request: unknown = spec?.kind === 'parDo' ? Reflect.get(spec.context, family) : undefined;
  return isTimerSpec(request) && request.domain === 'processingTime';
}

function firesOnce({ trigger, allowedLateness, timestampCombiner }: WindowingStrategy): boolean {
  return trigger.kind === 'default' && allowedLateness === 0 && timestampCombiner === 'endOfWindow';
}

function accumulationOf(transform: AppliedPTransform, name: string): Accumulation {
  const { spec } = transform;
  if (spec?.kind !== 'combinePerKey') return LIST;
  const combine = guardCombine(spec.fn, { name, transform });
  const copy = (held: unknown) => copyHeld(held, name);
  return ofInputs(combine, copy);
}
