import type { ParsedFunction } from './function-source.ts';
import type { ScriptLocation } from './scopes.ts';

/** An expression as code, or a value that is written once and then referred to. */
export type Piece = string | ShipNode;

/** How a value was found. */
export interface Found {
  readonly parent: ShipNode | undefined;
  /** A variable's name, a key like ".client" or "[3]", or what an export is called. */
  readonly step: string;
  readonly kind: 'export' | 'captured' | 'key';
}

/** One object, function or symbol that ships: each identity has one. */
export class ShipNode {
  readonly value: object | symbol;
  readonly found: Found;
  /** In how many places it is referred to; one that is referred to once may stand inside of the other. */
  uses = 0;
  /** What to write; undefined until it was looked at. */
  plan: Plan | undefined;

  constructor(value: object | symbol, found: Found) {
    this.value = value;
    this.found = found;
  }
}

/** A variable that functions close over. */
export interface Variable {
  readonly name: string;
  readonly piece: Piece;
  /** Some function that ships assigns it: so it is a variable in the module as well. */
  isAssigned: boolean;
  /** For a variable of a function: the value, and which scope around which function holds it. */
  readonly held?: {
    readonly value: unknown;
    readonly scriptId: string;
    readonly by: ShipNode;
    /** 0 is the innermost. */
    readonly scope: number;
  };
  /** Another one that turned out to be the very same. */
  same?: Variable;
}

/** A property, as its descriptor has it. */
export interface ShipProperty {
  readonly key: string | ShipNode;
  readonly value?: Piece;
  readonly get?: Piece;
  readonly set?: Piece;
  readonly enumerable: boolean;
  readonly writable: boolean;
  readonly configurable: boolean;
}

/** What Object.freeze and its kin did. */
export type Integrity = 'open' | 'preventExtensions' | 'seal' | 'freeze';

/** How an object comes to be, before its properties. */
export type Creation =
  | { readonly kind: 'plain' }
  /** Holes are undefined. */
  | { readonly kind: 'array'; readonly items: readonly (Piece | undefined)[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Piece, Piece])[] }
  | { readonly kind: 'set'; readonly items: readonly Piece[] }
  /** What a WeakMap or WeakSet has for keys that ship anyway; it is known when all else was looked at. */
  | { readonly kind: 'weak'; readonly isMap: boolean; readonly entries: [key: Piece, value: Piece][] }
  /** `new Date(0)`: a call with what it takes. */
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Piece[] };

/** The private fields of an instance, for one class of its chain. */
export interface PrivateFields {
  readonly owner: ShipNode;
  readonly values: readonly Piece[];
}

/** An object with its properties. */
export interface ObjectPlan {
  readonly kind: 'object';
  readonly creation: Creation;
  /** Undefined if it is the one that its creation gives it. */
  readonly prototype: Piece | undefined;
  readonly properties: readonly ShipProperty[];
  readonly integrity: Integrity;
  /** There if its classes have private members: it is made by its class, which then skips its constructor. */
  readonly restored: { readonly by: ShipNode; readonly fields: readonly PrivateFields[] } | undefined;
}

/** A part of a function's text that is replaced. Offsets are those of the text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: Piece | Variable;
  readonly before?: string;
  /** Asked for when the function is called, not when it is made. */
  readonly isLate?: boolean;
}

/** What is particular to a class. */
export interface ClassPlan {
  readonly parent: Piece | undefined;
  /** Names of its private fields, in order. */
  readonly privateFields: readonly string[];
  readonly privateStatics: readonly { readonly name: string; readonly value: Piece }[];
  /** Instances are made without its constructor. */
  isRestorable: boolean;
}

/** A function or class, as source. */
export interface FunctionPlan {
  readonly kind: 'function';
  readonly text: string;
  readonly location: ScriptLocation | undefined;
  readonly parsed: ParsedFunction;
  readonly edits: readonly TextEdit[];
  readonly name: string;
  readonly properties: readonly ShipProperty[];
  readonly integrity: Integrity;
  /** The node of its `prototype`, if that may hold more than its text says. */
  readonly prototype: ShipNode | undefined;
  readonly classPlan: ClassPlan | undefined;
}

/** What is written for a value. */
export type Plan =
  /** What every worker has: `Math.sin`. */
  | { readonly kind: 'code'; readonly code: string }
  /** An export of a package's file. */
  | {
      readonly kind: 'import';
      readonly file: string;
      readonly path: readonly string[];
      readonly isCommonJs: boolean;
    }
  | ObjectPlan
  | FunctionPlan
  | {
      readonly kind: 'bound';
      readonly target: Piece;
      readonly boundThis: Piece;
      readonly boundArgs: readonly Piece[];
      readonly properties: readonly ShipProperty[];
      readonly integrity: Integrity;
    }
  /** The object that a function was made with as its `prototype`. */
  | {
      readonly kind: 'prototype';
      readonly of: ShipNode;
      /** What it inherits from, if that was set later. */
      readonly prototype: Piece | undefined;
      readonly properties: readonly ShipProperty[];
      readonly integrity: Integrity;
    }
  /** A method or accessor that the class of `of` has in its text. */
  | {
      readonly kind: 'member';
      readonly of: ShipNode;
      readonly isStatic: boolean;
      readonly key: Piece;
      readonly part: 'value' | 'get' | 'set';
    };
