import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { requireProgram } from './find-program.ts';
import { millraceHome } from './home.ts';
import { runTool } from './run-tool.ts';

/** The version of Beam whose Prism is used. */
export const PRISM_VERSION = '2.77.0';

const PACKAGE = 'github.com/apache/beam/sdks/v2/go/cmd/prism';
const HINT = `Install Go from https://go.dev/dl (or your system's package "golang"), then: npx millrace get prism`;

/** What fetching a runner can be told. */
export interface GetOptions {
  readonly home?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is called with each line that the fetching tool prints. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Where Prism's program is, or will be. */
export function prismProgram(home: string = millraceHome()): string {
  return path.join(home, 'prism', PRISM_VERSION, process.platform === 'win32' ? 'prism.exe' : 'prism');
}

/**
 * Builds Prism by Go, from Go's module proxy, into the home; does nothing if it is there.
 *
 * Go checks what it fetches against its checksum database.
 *
 * @returns the program's path.
 */
export async function getPrism({ home = millraceHome(), signal, onLine }: GetOptions = {}): Promise<string> {
  const program = prismProgram(home);
  if (existsSync(program)) return program;
  const action = `fetch Prism ${PRISM_VERSION}`;
  const go = requireProgram('go', { action, hint: HINT });
  const folder = path.join(home, 'prism');
  mkdirSync(folder, { recursive: true });
  const building = mkdtempSync(path.join(folder, 'building-'));
  try {
    await runTool(go, ['install', `${PACKAGE}@v${PRISM_VERSION}`], {
      action,
      hint: 'Go must reach its module proxy (go env GOPROXY), and be 1.26 or newer (or be allowed to fetch it: GOTOOLCHAIN=auto): see the lines above',
      cwd: building,
      env: { GOBIN: building, GOOS: undefined, GOARCH: undefined },
      signal,
      onLine,
    });
    mkdirSync(path.dirname(program), { recursive: true });
    renameSync(path.join(building, path.basename(program)), program);
    return program;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}
