/**
 * The Python of the tests and of the benchmark: a virtual environment outside of the tree, made once per machine. Its
 * packages come from pip. Those that pip can't get come from Debian (apt-get, as root).
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** The packages: their names for pip, for Python and for Debian. */
const PACKAGES = [
  { pip: 'django~=5.2.0', module: 'django', debian: 'python3-django' },
  { pip: 'gunicorn', module: 'gunicorn', debian: 'gunicorn' },
  { pip: 'waitress', module: 'waitress', debian: 'python3-waitress' },
  { pip: 'uvicorn', module: 'uvicorn', debian: 'uvicorn' },
  { pip: 'wsproto', module: 'wsproto', debian: 'python3-wsproto' },
  { pip: 'flask', module: 'flask', debian: 'python3-flask' },
  { pip: 'fastapi', module: 'fastapi', debian: 'python3-fastapi' },
];
/** Django 5.2 needs Python 3.10. */
const OLD_DJANGO = 'django~=4.2.0';
/** Raised when this script makes the environment in another way. */
const RECIPE = 2;
/** pip's first request for a package may take minutes. */
const PIP_MS = 600_000;
const LOCK_POLL_MS = 500;
const LOCK_STALE_MS = 1_200_000;

/**
 * Absolute path of the interpreter. Makes the environment if there is none yet.
 * @throws Error with a sentence about what is missing
 */
export function testPython() {
  const base = basePython();
  const packages = packagesFor(base.version);
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE, packages, base.version, base.file, process.arch]))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(cacheFolder(), `python-${key}`);
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (isComplete(folder)) return python;
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const unlock = lock(`${folder}.lock`);
  try {
    if (!isComplete(folder)) {
      console.error(
        `The tests run Django, Flask and FastAPI apps. Making a Python environment for them in ${folder}; this may take some minutes …`,
      );
      fs.rmSync(folder, { recursive: true, force: true });
      make(folder, python, base.file, packages);
      fs.writeFileSync(marker(folder), '');
    }
  } finally {
    unlock();
  }
  return python;
}

/**
 * Resolves with the variables that tell tests their Python (test/support/python.ts). Without one they fail with the
 * reason. Another process makes it, so that other tests can run meanwhile.
 */
export async function pythonEnvironment(files) {
  if (!files.some((name) => fs.readFileSync(name, 'utf8').match(/python|wsgi/))) return {};
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(child.stdout));
}

/** The output that {@link pythonEnvironment} reads. */
function variables() {
  try {
    return { CONCURRENT_SERVER_TEST_PYTHON: testPython() };
  } catch (error) {
    return { CONCURRENT_SERVER_TEST_PYTHON_MISSING: error.message };
  }
}

function packagesFor(version) {
  if (version !== '3.9') return PACKAGES;
  return PACKAGES.map((wanted) => (wanted.module === 'django' ? { ...wanted, pip: OLD_DJANGO } : wanted));
}

function make(folder, python, base, wanted) {
  run(base, ['-m', 'venv', folder]);
  let missing = pipInstall(python, wanted);
  if (missing.length > 0) {
    // Only an environment of Debian's own Python finds Debian's packages.
    const system = '/usr/bin/python3';
    const names = missing.map(({ debian }) => debian).join(' ');
    const can = fs.existsSync(system) && fs.existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
    if (!can) throw new Error(sentence(missing));
    console.error(
      `The Python tests need ${missing.map(({ pip }) => pip).join(', ')}, which pip can't install here. Installing for the whole system: apt-get install ${names} python3-venv …`,
    );
    run('apt-get', ['update', '-qq']);
    const debian = [...missing.map(({ debian }) => debian), 'python3-venv'];
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...debian]);
    fs.rmSync(folder, { recursive: true, force: true });
    run(system, ['-m', 'venv', '--system-site-packages', folder]);
    const rest = wanted.filter((one) => !missing.includes(one));
    missing = pipInstall(python, rest);
    if (missing.length > 0) throw new Error(sentence(missing));
  }
  const absent = wanted.filter(({ module }) => !succeeds(python, ['-c', `import ${module}`]));
  if (absent.length > 0) throw new Error(sentence(absent));
}

/** @returns those that could not be installed */
function pipInstall(python, wanted) {
  const install = (names) =>
    succeeds(python, ['-m', 'pip', 'install', '-q', '-U', '--retries', '1', ...names], PIP_MS);
  if (install(wanted.map(({ pip }) => pip))) return [];
  return wanted.filter(({ pip }) => !install([pip]));
}

function sentence(missing) {
  const names = missing.map(({ pip }) => pip).join(', ');
  const debian = missing.map(({ debian }) => debian).join(' ');
  return `The Python tests need ${names}, which neither pip nor apt-get could install here; install ${debian} or the packages of pip and try again.`;
}

function basePython() {
  for (const file of ['python3', 'python']) {
    const { status, stdout } = spawnSync(
      file,
      ['-c', 'import sys; print(sys.executable, *sys.version_info[:2])'],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) continue;
    const [, executable, major, minor] = /^(.*) (\d+) (\d+)\s*$/.exec(stdout) ?? [];
    if (Number(major) === 3 && Number(minor) >= 9) return { file: executable, version: `${major}.${minor}` };
  }
  throw new Error(
    'The Python tests need Python 3.9 or later on the path; install it (Debian: apt-get install python3).',
  );
}

function cacheFolder() {
  const root =
    process.platform === 'win32'
      ? process.env.LOCALAPPDATA
      : process.platform === 'darwin'
        ? path.join(os.homedir(), 'Library', 'Caches')
        : process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return path.join(root || os.tmpdir(), 'concurrent-server-tests');
}

function marker(folder) {
  return path.join(folder, 'complete');
}

function isComplete(folder) {
  return fs.existsSync(marker(folder));
}

/** Several test runs may start on a machine that has none yet. */
function lock(folder) {
  for (;;) {
    try {
      fs.mkdirSync(folder);
      return () => fs.rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const made = fs.statSync(folder, { throwIfNoEntry: false });
    if (made && Date.now() - made.mtimeMs > LOCK_STALE_MS)
      fs.rmSync(folder, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
}

function succeeds(file, args, timeout) {
  return spawnSync(file, args, { stdio: 'ignore', timeout }).status === 0;
}

function run(file, args) {
  const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(variables()));
