import { status } from '@grpc/grpc-js';
import { PipelineError } from '../../errors.ts';
import { isServiceError } from '../grpc/service-client.ts';

/** Nothing answers where a job service should. */
export class UnreachableJobServiceError extends PipelineError {
  constructor(endpoint: string, { after, cause }: { readonly after: string; readonly cause: unknown }) {
    super(
      `Cannot reach a job service at ${endpoint} as it must answer within ${after}: received ${detailsOf(cause)}`,
      {
        hint: 'Start the runner (npx millrace flink up, npx millrace prism up), or give its own address as endpoint',
        cause,
      },
    );
  }
}

/** The job service has no job of this id: it never had, or it was started anew since. */
export class UnknownJobError extends PipelineError {
  constructor(id: string, { endpoint, cause }: { readonly endpoint: string; readonly cause?: unknown }) {
    super(`Cannot find the job as ${endpoint} must know it: received the id "${id}"`, {
      hint: 'List the jobs that it knows with ib.jobs({ endpoint }); a job service forgets its jobs when it restarts',
      cause,
    });
  }
}

/** The job service said no; the text is the runner's. */
export class JobServiceError extends PipelineError {
  constructor(what: string, { cause, hint }: { readonly cause: unknown; readonly hint?: string }) {
    super(`Cannot ${what} as the runner must agree: received ${detailsOf(cause)}`, {
      hint: hint ?? 'The text is the runner’s own; its log may say more',
      cause,
    });
  }
}

/** What the runner cannot do at all. */
export class UnsupportedByRunnerError extends PipelineError {
  constructor(what: string, { cause, hint }: { readonly cause?: unknown; readonly hint: string }) {
    super(`Cannot ${what} as the runner must have it: received a runner without it`, { hint, cause });
  }
}

/** The text of a gRPC error without its code's number. */
function detailsOf(cause: unknown): string {
  if (isServiceError(cause)) {
    const code = status[cause.code];
    const details = cause.details === '' ? 'no details' : cause.details;
    return `${code} (${details})`;
  }
  return cause instanceof Error ? cause.message : String(cause);
}
