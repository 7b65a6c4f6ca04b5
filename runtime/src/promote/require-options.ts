import { PipelineError } from '../errors.ts';
import { preview } from '../display/preview.ts';
import type { EnvironmentOptions, PromoteOptions } from './promote-options.ts';

/** Elements of a PCollection that a worker keeps at most. */
const MOST_SAMPLES = 10;

/**
 * Checks what was given to `promote`, before anything is started or sent.
 *
 * @throws {PipelineError} for the first option that no job can have.
 */
export function requireOptions({
  endpoint,
  jobName,
  environment,
  parallelism,
  samples,
}: Omit<PromoteOptions, 'runner'>): void {
  if (endpoint !== undefined && !isAddress(endpoint)) {
    throw refused('its endpoint must be a host and a port', endpoint, "{ endpoint: 'localhost:8099' }");
  }
  if (jobName !== undefined && !isText(jobName)) {
    throw refused('jobName must be a text that is not empty', jobName, "{ jobName: 'word-count' }");
  }
  if (parallelism !== undefined && !(Number.isSafeInteger(parallelism) && parallelism >= 1)) {
    throw refused('parallelism must be a whole number, 1 or more', parallelism, '{ parallelism: 4 }');
  }
  if (samples !== undefined && !(Number.isSafeInteger(samples) && samples >= 0 && samples <= MOST_SAMPLES)) {
    throw refused(`samples must be a whole number from 0 to ${MOST_SAMPLES}`, samples, '{ samples: 5 }');
  }
  if (environment !== undefined) requireEnvironment(environment);
}

function requireEnvironment(environment: EnvironmentOptions): void {
  // Callers without types give anything.
  const { kind, image, endpoint } = environment as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'process':
    case 'loopback':
      return;
    case 'docker':
      if (!isText(image)) {
        throw refused(
          'a docker environment must name its image',
          image,
          "{ kind: 'docker', image: 'me/my-job' }",
        );
      }
      return;
    case 'external':
      if (!isAddress(endpoint)) {
        throw refused(
          'an external environment must give the host and port of its worker pool',
          endpoint,
          "{ kind: 'external', endpoint: 'localhost:50000' }",
        );
      }
      return;
    default:
      throw refused(
        'the kind of its environment must be process, loopback, external or docker',
        kind,
        "{ environment: { kind: 'process' } }",
      );
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** "host:port", and no URL. */
function isAddress(value: unknown): boolean {
  return isText(value) && /^[^\s/]+:\d{1,5}$/.test(value);
}

function refused(what: string, received: unknown, example: string): PipelineError {
  return new PipelineError(`Cannot promote as ${what}: received ${preview(received, 80)}`, {
    hint: `For example ${example}`,
  });
}
