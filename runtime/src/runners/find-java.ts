import path from 'node:path';
import { PipelineError } from '../errors.ts';
import { isProgram, requireProgram } from './find-program.ts';
import { runTool } from './run-tool.ts';

const HINT = 'Install Java 11 or 17 (package "openjdk-17-jre-headless"), or name it by JAVA_HOME';

/**
 * Finds the Java that `JAVA_HOME` names, else that of `PATH`.
 *
 * @param action What is tried: "start Flink".
 * @throws {PipelineError} if there is none, or it is older than Java 11.
 */
export async function findJava(action: string, signal?: AbortSignal): Promise<string> {
  const { JAVA_HOME } = process.env;
  const named =
    JAVA_HOME === undefined || JAVA_HOME === ''
      ? undefined
      : path.join(JAVA_HOME, 'bin', process.platform === 'win32' ? 'java.exe' : 'java');
  if (named !== undefined && !isProgram(named)) {
    throw new PipelineError(`Cannot ${action} as JAVA_HOME must name a Java: received no ${named}`, {
      hint: HINT,
    });
  }
  const java = named ?? requireProgram('java', { action, hint: HINT });
  const printed = await runTool(java, ['-version'], { action, hint: HINT, signal });
  const version = /version "(?:1\.)?(\d+)/.exec(printed)?.[1];
  if (version === undefined || Number(version) < 11) {
    const received = printed.split('\n')[0] ?? '';
    throw new PipelineError(`Cannot ${action} as Java must be 11 or newer: received ${received}`, {
      hint: HINT,
    });
  }
  return java;
}
