import type { NativePackage } from '../../capture/captured-module.ts';

/** What goes into an image. */
export interface DockerfileOptions {
  /** What `npm install` takes for Millrace: a version ("0.1.0"), or the path of a packed tarball in the build folder. */
  readonly millrace: string;
  /** Native packages of the job, which no bundle can hold. */
  readonly packages?: readonly NativePackage[] | undefined;
  /** Major version of Node: of the image's base. */
  readonly node?: number | undefined;
}

/**
 * Writes a Dockerfile for DOCKER environments: its entry point takes Beam's flags.
 *
 * @see https://s.apache.org/beam-fn-api-container-contract
 * @throws {RangeError} for a name or version that npm could not have.
 */
export function dockerfile({ millrace, packages = [], node = 20 }: DockerfileOptions): string {
  const isTarball = millrace.endsWith('.tgz');
  const specifiers = [
    isTarball ? './millrace.tgz' : `millrace@${checked(millrace)}`,
    ...packages.map(({ name, version }) => `${checked(name)}@${checked(version)}`),
  ];
  return [
    '# Runs the workers of a Beam pipeline that was made with Millrace.',
    `FROM node:${node}-slim`,
    '',
    'ENV NODE_ENV=production',
    'WORKDIR /opt/millrace',
    ...(isTarball ? [`COPY ${JSON.stringify([millrace, './millrace.tgz'])}`] : []),
    `RUN npm init --yes > /dev/null && npm install --no-audit --no-fund ${specifiers.join(' ')} && npm cache clean --force`,
    '',
    'USER node',
    'ENTRYPOINT ["node", "/opt/millrace/node_modules/millrace/bin/millrace-worker.mjs", "--node_modules=/opt/millrace/node_modules"]',
    '',
  ].join('\n');
}

function checked(word: string): string {
  if (!/^[@\w][\w./+@~^-]*$/.test(word)) {
    throw new RangeError(
      `Cannot write a Dockerfile as a package must have npm's name and version: received "${word}"`,
    );
  }
  return word;
}
