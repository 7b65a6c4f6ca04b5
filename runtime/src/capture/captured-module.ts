/** What is to be shipped. */
export interface CaptureRequest {
  /** Values by the name under which the module exports them: functions, DoFns, CombineFns, sources, whole specs. */
  readonly exports: ReadonlyMap<string, unknown>;
  /** How an error calls each export: `the function of "Map(parse)"`. */
  readonly subjects?: ReadonlyMap<string, string>;
  /** Millrace's own modules by specifier ("millrace"): what they export is the worker's own there. */
  readonly modules: Readonly<Record<string, object>>;
  /** Where npm packages are looked up from: the notebook's folder. */
  readonly directory: string;
  /** The text behind a script that V8 knows by `url`, where the kernel knows it: a cell, a local TypeScript file. */
  readonly sourceOf?: ((url: string) => CapturedSource | undefined) | undefined;
}

/** A text that was compiled to what V8 runs. */
export interface CapturedSource {
  /** What stacks call it: "cell 7". */
  readonly name: string;
  /** What the user wrote. */
  readonly source: string;
  /** From what runs to `source`; version 3, JSON. */
  readonly sourceMap: string | undefined;
}

/** An npm package with native code, which a bundle cannot hold: it must be installed where the worker runs. */
export interface NativePackage {
  readonly name: string;
  readonly version: string;
}

/** Live functions and values, as one ES module. The same request gives the same bytes. */
export interface CapturedModule {
  /** One ES module; it imports `node:` modules and native packages alone. */
  readonly code: string;
  /** Version 3, JSON: leads to cells and files. */
  readonly sourceMap: string;
  /** SHA-256 of `code`, in hexadecimal. */
  readonly sha256: string;
  readonly nativePackages: readonly NativePackage[];
}

/** Where the worker puts its own modules for a captured module: `globalThis[MODULES][specifier]` is a namespace. */
export const MODULES = Symbol.for('millrace.modules');
