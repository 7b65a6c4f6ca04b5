import type ts from '#typescript';
import type { Unit } from './unit.ts';

/** What an option can be. */
export type OptionValue = string | number | boolean | readonly string[] | readonly number[];

/** A setting of the exported pipeline: a property of its options, and a flag of its command line. */
export interface ProjectOption {
  /** As the pipeline's code reads it. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean';
  /** It is an array of `type`. */
  readonly isList: boolean;
  /** What the notebook has; undefined if it has none, and the option may be left out. */
  readonly value: OptionValue | undefined;
  /** The only values that it may have. */
  readonly choices?: readonly string[] | readonly number[];
  /** What the notebook says of it. */
  readonly description: string;
  /** Of options that name files. */
  readonly path?: PathOption;
}

/** What a path option is for. */
export interface PathOption {
  readonly kind: 'input' | 'output';
  /** It is read line by line, so that its first lines are a sample of it. */
  readonly isText: boolean;
}

/** A literal of the notebook that an option stands for. */
export interface ReplacedLiteral {
  readonly unit: Unit;
  readonly node: ts.Expression;
  readonly option: string;
}
