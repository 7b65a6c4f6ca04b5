import type { CapturedModule, NativePackage } from '../capture/captured-module.ts';
import type { Fragment } from '../graph/fragment.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { WindowedValue } from '../model/windowed-value.ts';
import type { Environment, Pipeline } from '../proto/runner-api.ts';

/** A file that goes with a job. */
export interface StagedArtifact {
  /** Its name in the worker's folder: "pipeline.mjs". */
  readonly name: string;
  readonly sha256: string;
  readonly content: { readonly bytes: Uint8Array } | { readonly path: string };
}

/** What a portable pipeline is made of. */
export interface ToPortableOptions {
  readonly fragment: Fragment;
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  /** Elements of the fragment's inputs, by PCollection id. */
  readonly inputs?: ReadonlyMap<string, readonly WindowedValue<unknown>[]> | undefined;
  /** Folders, reached by workers and by us, to which the elements of PCollections are written. */
  readonly collect?: ReadonlyMap<PCollection<unknown>, string> | undefined;
  /** Where user code runs; its dependencies are added. */
  readonly environment: Environment;
  /** Of all steps, by URN ("beam:resources:min_ram_bytes:v1"), in the bytes of its form. */
  readonly resourceHints?: Readonly<Record<string, Uint8Array>> | undefined;
  /** Makes the module of all functions: capture/, with what it needs of the notebook. */
  readonly capture: (
    exports: ReadonlyMap<string, unknown>,
    subjects: ReadonlyMap<string, string>,
  ) => Promise<CapturedModule>;
}

/** A pipeline in Beam's portable form, with the files it needs. */
export interface PortablePipeline {
  readonly proto: Pipeline;
  readonly artifacts: readonly StagedArtifact[];
  readonly nativePackages: readonly NativePackage[];
  /** Ids in the proto. */
  readonly transformIds: ReadonlyMap<AppliedPTransform, string>;
  /** Ids in the proto, by the model's PCollection id. */
  readonly pcollectionIds: ReadonlyMap<string, string>;
}
