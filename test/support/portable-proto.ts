import { fromBinary } from '@bufbuild/protobuf';
import { InputBytes } from '../../runtime/src/coders/input-bytes.ts';
import { OutputBytes } from '../../runtime/src/coders/output-bytes.ts';
import type { WindowedValue } from '../../runtime/src/index.ts';
import { shippedElementsCoder } from '../../runtime/src/portable/coders/shipped-elements.ts';
import type { StepPayload } from '../../runtime/src/portable/step-payload.ts';
import {
  LabelledPayloadSchema,
  ParDoPayloadSchema,
  type Pipeline,
} from '../../runtime/src/proto/runner-api.ts';

/** Leaves as "id: kind of URN, inputs > outputs". */
export function leaves({ components }: Pipeline): string[] {
  return Object.entries(components?.transforms ?? {})
    .filter(([, { subtransforms }]) => subtransforms.length === 0)
    .map(([id, { spec, inputs, outputs }]) => {
      const urn = spec?.urn.split(':').at(-2) ?? '';
      return `${id}: ${urn}, ${Object.values(inputs).join(' ')} > ${Object.values(outputs).join(' ')}`;
    });
}

/** The payload of a step of ours. */
export function stepOf({ components }: Pipeline, id: string): StepPayload {
  const bytes = components?.transforms[id]?.spec?.payload ?? new Uint8Array();
  const { doFn } = fromBinary(ParDoPayloadSchema, bytes);
  return JSON.parse(new TextDecoder().decode(doFn?.payload)) as StepPayload; // the tests look at its fields
}

/** The coder of a PCollection, spelled by URNs without their prefix: "kv(key,iterable(value))". */
export function coderOf({ components }: Pipeline, pcollection: string): string {
  const spell = (id: string): string => {
    const { spec, componentCoderIds } = components?.coders[id] ?? { componentCoderIds: [] };
    const parts = componentCoderIds.map(spell).join(',');
    return `${spec?.urn.split(':').at(-2) ?? 'missing'}${parts === '' ? '' : `(${parts})`}`;
  };
  return spell(components?.pcollections[pcollection]?.coderId ?? '');
}

/** Display data of a transform, by key. */
export function displayOf({ components }: Pipeline, id: string): Record<string, unknown> {
  const lines = components?.transforms[id]?.displayData ?? [];
  return Object.fromEntries(
    lines.map(({ payload }) => {
      const { key, value } = fromBinary(LabelledPayloadSchema, payload);
      return [key, value.value];
    }),
  );
}

/** The elements that are written one after another in the bytes of a payload, or of a file of ours. */
export function readElements(bytes: Uint8Array): WindowedValue<unknown>[] {
  const coder = shippedElementsCoder();
  const input = new InputBytes(bytes);
  const elements: WindowedValue<unknown>[] = [];
  while (input.left > 0) elements.push(coder.decode(input));
  return elements;
}

/** Writes elements as payloads and files of ours have them. */
export function shipAll(elements: readonly WindowedValue<unknown>[]): Uint8Array {
  const coder = shippedElementsCoder();
  const out = new OutputBytes();
  for (const element of elements) coder.encode(element, out);
  return new Uint8Array(out.take());
}
