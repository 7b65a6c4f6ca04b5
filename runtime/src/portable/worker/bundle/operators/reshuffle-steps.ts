import { InputBytes } from '../../../../coders/input-bytes.ts';
import { OutputBytes } from '../../../../coders/output-bytes.ts';
import { decodeWindowed, encodeWindowed } from '../../../../coders/windowed-value.ts';
import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';
import { NO_FIRING } from '../../../../model/pane-info.ts';
import { GLOBAL_WINDOWS } from '../../../../model/window.ts';
import { shippedElementsCoder } from '../../../coders/shipped-elements.ts';
import type { StepPayload } from '../../../step-payload.ts';
import { withArray } from './group-steps.ts';

/**
 * Encodes each element with its timestamp, windows and pane, under its own key or one left to chance.
 *
 * It keeps its timestamp outside of the bytes as well, so that the watermark does not pass what is under way.
 */
export function toReshuffleOperator(
  { isPerKey, numBuckets }: Extract<StepPayload, { readonly kind: 'toReshuffle' }>,
  options: OperatorOptions,
): Operator {
  const out = mainOutput(options);
  const coder = shippedElementsCoder();
  const bytes = new OutputBytes();
  const parts = (element: unknown) => {
    if (!isPerKey) return { key: Math.floor(Math.random() * numBuckets), content: withArray(element) };
    const { key, value } = requireKV(element, options.name);
    return { key, content: withArray({ key, value }) };
  };
  return {
    receive(element, timestamp, windows, pane) {
      const { key, content } = parts(element);
      encodeWindowed(bytes, coder, content, timestamp, windows, pane);
      // Copied, as a view would be sent with all of the buffer that it is on.
      const value = Buffer.from(bytes.view());
      bytes.truncate(0);
      return out({ key, value }, timestamp, GLOBAL_WINDOWS, NO_FIRING);
    },
  };
}

/** Decodes the elements of each group, with the timestamps, windows and panes that they had. */
export function fromReshuffleOperator(options: OperatorOptions): Operator {
  const out = mainOutput(options);
  const coder = shippedElementsCoder();
  return {
    async receive(element) {
      const { value } = requireKV(element, options.name);
      // What toReshuffle gave, grouped.
      for (const bytes of value as Iterable<Uint8Array>) {
        const wait = decodeWindowed(new InputBytes(bytes), coder, out) ?? options.pacer.pause();
        if (wait !== undefined) await wait;
      }
    },
  };
}
