import type { Operator, OperatorOptions } from '../../../../executor/operator.ts';
import type { BoundedSource } from '../../../../model/bounded-source.ts';
import type { StepPayload } from '../../../step-payload.ts';
import { copyOperator, toKVOperator, ungroupOperator } from './group-steps.ts';
import {
  createOperator,
  decodeOperator,
  elementShardOperator,
  elementShardsOperator,
} from './element-steps.ts';
import { readShardOperator, readShardsOperator } from './read-steps.ts';
import { fromReshuffleOperator, toReshuffleOperator } from './reshuffle-steps.ts';
import { toShardOperator, writeCollectedOperator } from './collect-steps.ts';

/** What the steps are made with, beside their payload. */
export interface PayloadStepContext {
  /** What the module exports under the payload's name; undefined if it has none. */
  readonly value: unknown;
  readonly artifactFolder: string;
  readonly signal: AbortSignal;
}

/** The operator of a step that `to-proto` added: it stands for no spec of the model. */
export function payloadStep(
  payload: Exclude<StepPayload, { readonly kind: 'spec' }>,
  context: PayloadStepContext,
): (options: OperatorOptions) => Operator {
  // The capture wrote what readShards and readShard export.
  const source = context.value as BoundedSource<unknown>;
  switch (payload.kind) {
    case 'toKV':
      return toKVOperator;
    case 'copy':
      return copyOperator;
    case 'ungroup':
      return ungroupOperator;
    case 'decode':
      return decodeOperator;
    case 'create':
      return (options) => createOperator(payload, { ...options, ...context });
    case 'elementShards':
      return (options) => elementShardsOperator(payload, options);
    case 'elementShard':
      return (options) => elementShardOperator(payload, { ...options, ...context });
    case 'readShards':
      return (options) => readShardsOperator(source, options);
    case 'readShard':
      return (options) => readShardOperator(source, { ...options, signal: context.signal });
    case 'toReshuffle':
      return (options) => toReshuffleOperator(payload, options);
    case 'fromReshuffle':
      return fromReshuffleOperator;
    case 'toShard':
      return (options) => toShardOperator(payload, options);
    case 'writeCollected':
      return (options) => writeCollectedOperator(payload, options);
    case 'readPart':
    case 'readUnbounded':
    case 'combine':
      throw new RangeError(
        `Cannot run "${payload.name}" as it must be in the parts that runners know: received it as a ParDo`,
      );
  }
}
