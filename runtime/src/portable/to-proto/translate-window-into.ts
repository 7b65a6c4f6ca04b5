import type { PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { WINDOW_FN_URN } from '../step-payload.ts';
import { windowFnToProto } from '../windowing/window-fn-to-proto.ts';
import { functionSpec, textBytes } from './function-spec.ts';
import { onlyInput, payloadOf, type Placed, type Translation } from './translation.ts';

/** windowInto: by one of Beam's own WindowFns, or by one of the user's, which ships. */
export function addWindowInto(
  placed: Placed & { readonly spec: Extract<PrimitiveSpec, { readonly kind: 'windowInto' }> },
  outputId: string,
  translation: Translation,
): void {
  const { name, parent, about, spec } = placed;
  const { standard } = spec.windowing.windowFn;
  const own = () => {
    const key = translation.exports.add(spec, `the WindowFn of "${name}"`);
    return functionSpec(WINDOW_FN_URN, textBytes(payloadOf(placed, { kind: 'spec', export: key })));
  };
  const windowFn = standard === undefined ? own() : windowFnToProto(standard);
  const { windowing } = spec;
  const input = onlyInput(placed, translation);
  translation.builder.windowInto({ id: name, parent, about, windowFn, input, outputId, windowing });
}
