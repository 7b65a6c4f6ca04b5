import { KeyIdentity } from '../coders/key-identity.ts';
import { mainOutput, type Operator, type OperatorOptions } from './operator.ts';
import { requireKV } from './require-kv.ts';

/**
 * Passes elements on: where all that follows runs in the same place there is nothing to deal out. What a runner would refuse
 * as a key is refused here too.
 */
export function reshuffleOperator(
  { isPerKey }: { readonly isPerKey: boolean },
  options: OperatorOptions,
): Operator {
  const out = mainOutput(options);
  if (!isPerKey) return { receive: out };
  const { name } = options;
  const keys = new KeyIdentity(name);
  return {
    receive(element, timestamp, windows, pane) {
      const { key, value } = requireKV(element, name);
      keys.of(key);
      return out({ key, value }, timestamp, windows, pane);
    },
  };
}
