import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireProgram } from './find-program.ts';
import { checkFlinkJars, FLINK_POM, FLINK_RUNNER_VERSION, FLINK_VERSION } from './flink-jars.ts';
import type { GetOptions } from './get-prism.ts';
import { millraceHome } from './home.ts';
import { runTool } from './run-tool.ts';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** The folder of Flink's and its Beam runner's jars. */
export function flinkLib(home: string = millraceHome()): string {
  return path.join(home, 'flink', `${FLINK_VERSION}-beam-${FLINK_RUNNER_VERSION}`, 'lib');
}

/**
 * Fetches Flink and Beam's portable runner for it (162 jars, 152 MB) by Maven into the home; does nothing if they are
 * there. Each jar is checked against a checksum that is part of this package.
 *
 * @returns the folder of the jars.
 */
export async function getFlink({ home = millraceHome(), signal, onLine }: GetOptions = {}): Promise<string> {
  const lib = flinkLib(home);
  if (existsSync(lib)) return lib;
  const action = `fetch Flink ${FLINK_VERSION}`;
  const maven = requireProgram('mvn', {
    action,
    hint: 'Install Maven (package "maven", https://maven.apache.org), then: npx millrace get flink',
  });
  const folder = path.join(home, 'flink');
  mkdirSync(folder, { recursive: true });
  const fetching = mkdtempSync(path.join(folder, 'fetching-'));
  try {
    writeFileSync(path.join(fetching, 'pom.xml'), FLINK_POM);
    const fetched = path.join(fetching, 'lib');
    await runTool(maven, ['--batch-mode', '--no-transfer-progress', COPY, `-DoutputDirectory=${fetched}`], {
      action,
      hint: 'Maven must reach a repository (settings.xml of ~/.m2): see the lines above',
      cwd: fetching,
      signal,
      onLine,
    });
    await checkFlinkJars(fetched, signal);
    mkdirSync(path.dirname(lib), { recursive: true });
    renameSync(fetched, lib);
    return lib;
  } finally {
    rmSync(fetching, { recursive: true, force: true });
  }
}
