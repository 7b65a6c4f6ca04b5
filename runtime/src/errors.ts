/** What a PipelineError knows beside its message. */
export interface PipelineErrorContext {
  /** Full name of the transform at fault, as in the graph: "Count/GroupByKey"; undefined when none is. */
  readonly transform?: string | undefined;
  /** One thing to do next. */
  readonly hint: string;
  /** What was thrown, where this error wraps another. */
  readonly cause?: unknown;
}

/**
 * The user's pipeline is wrong, and the user can fix it.
 *
 * The kernel prints `message` and `hint` in the cell, without our stack; what a DoFn threw arrives as `cause`.
 * Any other class of error is a bug of ours and is printed with its stack.
 */
export class PipelineError extends Error {
  readonly transform: string | undefined;
  readonly hint: string;

  constructor(message: string, context: PipelineErrorContext) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.transform = context.transform;
    this.hint = context.hint;
  }
}

/** Anything can be thrown, also what has no text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'an object';
  }
}

/** A user's function threw while it processed one element; `cause` is what it threw. */
export class UserCodeError extends PipelineError {
  /** The element that was being processed; undefined in setup, startBundle, finishBundle and teardown. */
  readonly element: unknown;
  /** Which of the user's functions threw: "process", "setup", "addInput" … */
  readonly method: string;
  /** The stack of the call that applied the transform, so that the cell and line can be named. */
  readonly appliedAt: string | undefined;

  constructor(options: {
    readonly transform: string;
    readonly method: string;
    readonly element: unknown;
    readonly cause: unknown;
    readonly appliedAt?: string | undefined;
  }) {
    const thrown = options.cause instanceof Error ? options.cause.message : textOf(options.cause);
    super(`"${options.transform}" threw in ${options.method}: ${thrown}`, {
      transform: options.transform,
      hint: 'Run the function on the element above in a cell of its own to see it fail alone',
      cause: options.cause,
    });
    this.element = options.element;
    this.method = options.method;
    this.appliedAt = options.appliedAt;
  }
}

/**
 * A PCollection is not what an assertion of `millrace/testing` says of it.
 *
 * `message` is the whole report: which assertion, what it expects and what came, then a few lines of elements.
 */
export class PipelineAssertionError extends PipelineError {
  /** The stack of the call of assertThat, so that the cell and line can be named. */
  readonly appliedAt: string | undefined;

  constructor(
    message: string,
    options: {
      readonly transform?: string | undefined;
      readonly appliedAt?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, {
      transform: options.transform,
      hint: 'ib.show(pcollection, { includeWindowInfo: true }) shows all of its elements, with windows and panes',
      cause: options.cause,
    });
    this.appliedAt = options.appliedAt;
    // A test runner shows the line that an error's stack leads to: that of the assertion, and not ours.
    const frames = this.appliedAt?.slice(this.appliedAt.indexOf('\n'));
    if (frames !== undefined) this.stack = `${this.name}: ${message}${frames}`;
  }
}

/** Stands for an element that was in another process: what can be shown of it. */
export class ElementText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Grouping compares encoded keys, so equal keys must encode to equal bytes. */
export class NonDeterministicKeyError extends PipelineError {
  constructor(transform: string, received: string) {
    super(
      `Cannot group by key in "${transform}" as its keys must have a deterministic encoding: received ${received}`,
      {
        transform,
        hint: 'Map the key to a string, a number, or a plain object or array of these before grouping',
      },
    );
  }
}

/** An element is not a row of the schema that `withSchema` checks it against. */
export class SchemaMismatchError extends PipelineError {
  /** What does not match, each with its field: "user.age: expected a number". */
  readonly issues: readonly string[];
  /** The element that does not match. */
  readonly element: unknown;

  constructor(options: {
    readonly transform: string;
    readonly issues: readonly string[];
    readonly element: unknown;
    /** The element in a few words. */
    readonly elementText: string;
  }) {
    const { issues, transform, elementText } = options;
    const [first, second, ...others] = issues;
    const shown = [first, second].filter((issue) => issue !== undefined);
    if (others.length > 0) shown.push(`${others.length} more`);
    super(
      `Cannot take an element as a row in "${transform}" as it must match the schema: ${shown.join('; ')}; received ${elementText}`,
      { transform, hint: 'Filter or mend such elements before it, or let the schema allow them' },
    );
    this.issues = issues;
    this.element = options.element;
  }
}

/** Two transforms of one pipeline carry the same name, given by the user. */
export class DuplicateNameError extends PipelineError {
  constructor(name: string) {
    super(
      `Cannot name two transforms alike as a full name must be unique in its pipeline: received "${name}" twice`,
      {
        transform: name,
        hint: 'Give one of them another name with withName(name, transform)',
      },
    );
  }
}

/** A PCollection was given to a transform of another pipeline. */
export class ForeignPCollectionError extends PipelineError {
  /** @param action What was tried: `apply "Flatten"`. */
  constructor(action: string, own: string, other: string) {
    const others = own === other ? `of two pipelines named "${own}"` : `of "${own}" and "${other}"`;
    super(`Cannot ${action} as all inputs must belong to one pipeline: received PCollections ${others}`, {
      hint:
        own === other
          ? 'If the cell that makes the pipeline ran again, run those that make its PCollections again too'
          : 'Build all inputs from the same pipeline(); collect() the other one and create() from it',
    });
  }
}

/** A function or value has no digest, so what depends on it is computed each time instead of cached. */
export class UndigestibleError extends PipelineError {
  /** Where it is: `"db".socket captured by "enrich"`. */
  readonly path: string;
  /** Why: "is a promise". */
  readonly reason: string;

  constructor(options: {
    readonly path: string;
    readonly reason: string;
    readonly hint?: string | undefined;
  }) {
    super(
      `Cannot tell whether a result is still right as all it depends on must have a digest: received ${options.path}, which ${options.reason}`,
      {
        hint:
          options.hint ?? 'Make it in setup() of a DoFn, or give the function only the data that it needs',
      },
    );
    this.path = options.path;
    this.reason = options.reason;
  }
}

/** A function or value cannot be sent to a worker. */
export class CaptureError extends PipelineError {
  /** Where it is: `"db".socket (captured by "enrich", cell 7, line 3)`. */
  readonly path: string;
  /** Why: "is a live connection". */
  readonly reason: string;

  constructor(options: {
    readonly path: string;
    readonly reason: string;
    readonly hint?: string | undefined;
  }) {
    super(
      `Cannot ship a function to a worker as all it uses must be code or data: received ${options.path}, which ${options.reason}`,
      {
        hint:
          options.hint ?? 'Make it in setup() of a DoFn, or give the function only the data that it needs',
      },
    );
    this.path = options.path;
    this.reason = options.reason;
  }
}

/** Thrown where work ends because its AbortSignal was aborted: an interrupt, not a failure. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor(message = 'Interrupted') {
    super(message);
  }
}
