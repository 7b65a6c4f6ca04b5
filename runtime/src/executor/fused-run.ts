import type { Receiver } from '../model/windowed-value.ts';
import type { FusibleStep } from './operator.ts';
import { ownReceiver } from './own-code.ts';
import { FIRST, SAMPLE_EVERY } from './port.ts';
import { isPromiseLike } from './promise-like.ts';

/**
 * A run of maps, and a filter at its end, as one function whose code is its own, so that V8 can inline all of them.
 *
 * It calls the functions one after the other. What it has no time for goes `stepwise`, from operator to operator: elements
 * whose steps are timed or looked at (the first, and 1 of 64 after these), and those that come while a promise is under
 * way. A step that gives a promise, or a filter that gives no boolean, goes on from there in the step's own operator.
 */
export class FusedRun {
  /** Calls under way in any of its steps. */
  readonly inFlight = { open: 0 };
  readonly #counts = { seen: 0, stepwise: 0 };
  /** By step: elements that went on from it in its operator. */
  readonly #left: number[] = [];

  /** Elements that came to the step with this number and not through its port. */
  passed(step: number): number {
    let passed = this.#counts.seen - this.#counts.stepwise;
    for (let before = 0; before < step; before++) passed -= this.#left[before] ?? 0;
    return passed;
  }

  /**
   * Makes the function.
   *
   * @param options.stepwise Takes an element through the ports and operators of all steps.
   * @param options.phase Which of 64 elements goes there.
   */
  receiver(
    steps: readonly FusibleStep[],
    { stepwise, phase }: { readonly stepwise: Receiver; readonly phase: number },
  ): Receiver {
    this.#left.push(...steps.map(() => 0));
    const leave = (step: number) => {
      this.#left[step] = (this.#left[step] ?? 0) + 1;
      return steps[step];
    };
    const scope: Record<string, unknown> = {
      counts: this.#counts,
      inFlight: this.inFlight,
      stepwise,
      isPromiseLike,
      out: steps.at(-1)?.out,
      goOn: (step: number, result: unknown, ...element: Parameters<Receiver>) =>
        leave(step)?.goOn(result, ...element),
      failed: (step: number, cause: unknown, element: unknown) => leave(step)?.failed(cause, element),
    };
    for (const [step, { fn, context }] of steps.entries()) {
      scope[`fn${step}`] = fn;
      scope[`context${step}`] = context;
    }
    return ownReceiver(codeOf(steps, phase), scope);
  }
}

function codeOf(steps: readonly FusibleStep[], phase: number): string {
  return `
  const count = counts.seen++;
  if (count < ${FIRST} || count % ${SAMPLE_EVERY} === ${phase} || inFlight.open > 0) {
    counts.stepwise++;
    return stepwise(value, timestamp, windows, pane);
  }
  let step = 0;
  let element = value;
  let result;
  let isLeft = false;
  run: try {${steps.map(({ method }, step) => CODE[method](step)).join('')}
  } catch (cause) {
    throw failed(step, cause, element);
  }
  if (isLeft) return goOn(step, result, element, timestamp, windows, pane);
  return out(element, timestamp, windows, pane);`;
}

/** The code of one step: `element` is what it takes, and then what it gives. */
const CODE: Readonly<Record<FusibleStep['method'], (step: number) => string>> = {
  map: (step) => `
    step = ${step};
    result = fn${step}(element, context${step});
    if (typeof result === 'object' && isPromiseLike(result)) {
      isLeft = true;
      break run;
    }
    element = result;`,
  filter: (step) => `
    step = ${step};
    result = fn${step}(element, context${step});
    if (typeof result !== 'boolean') {
      isLeft = true;
      break run;
    }
    if (!result) return;`,
};
