/** Native addons for the tests, built by the machine's compiler. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const COMPILER = process.env.CC ?? 'cc';

/** Why no addon can be built here; undefined if one can. */
export const noCompiler: string | undefined = findCompiler();

function findCompiler(): string | undefined {
  if (process.platform === 'win32') return 'addons are built by a C compiler with the flags of POSIX';
  try {
    execFileSync(COMPILER, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `there is no C compiler (${COMPILER})`;
  }
}

/** Builds a file of test/fixtures/addons; it runs on every Node, because Node-API has one ABI. */
export function buildAddon(source: string, target: string): void {
  const link = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  const file = path.resolve('test/fixtures/addons', source);
  execFileSync(COMPILER, ['-shared', '-fPIC', '-o', target, file, ...link], { stdio: 'inherit' });
}
