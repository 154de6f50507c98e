/** Before any start, asks a Python whether it can run the app, and a Django project how it is to be run. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { ServerError } from '../../../protocol/errors.ts';

/** The oldest Python that can run Concurrent Server's Python half. */
const OLDEST = [3, 9] as const;
/** How long a project's settings may take to load, in ms. */
const PROBE_MS = 20_000;
/** The answer has its own descriptor, because the app's settings may print. */
const ANSWER_FD = 3;

interface ProbeOptions {
  /** Path of the interpreter or its name on the path. */
  interpreter: string;
  /** How the interpreter was found, for a person. */
  from: string;
  entry: string;
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Folder of the built workers' halves. */
  workersDir: string;
}

/** Settings that a Django project has for the 2009 server, by their names there. */
export type OldSettings = Readonly<Record<string, unknown>>;

/** Rejects with `RUNTIME_MISSING`: no Python, a Python that is too old, or no Django for a Django project. */
export async function probePython(options: ProbeOptions): Promise<OldSettings> {
  const { interpreter, from } = options;
  const answer = parseAnswer(await ask(options));
  const which = path.isAbsolute(interpreter) ? interpreter : `${interpreter} (found on ${from})`;
  if (answer === undefined) throw missing(`${which} is not a working Python.`, CHOOSE);
  const [major = 0, minor = 0] = answer.version;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    const text = `${which} is Python ${answer.version.join('.')}; ${OLDEST.join('.')} or later is needed.`;
    throw missing(text, CHOOSE);
  }
  if (answer.missing !== undefined) {
    const hint = `Run: ${interpreter} -m pip install ${answer.missing}`;
    throw missing(
      `${answer.missing === 'django' ? 'Django' : answer.missing} is not installed in ${which}.`,
      hint,
    );
  }
  return answer.settings;
}

const CHOOSE = 'Install Python, or choose another one with --python.';

function missing(message: string, hint: string): ServerError {
  return new ServerError('RUNTIME_MISSING', message, { hint });
}

function ask({ interpreter, entry, cwd, env, workersDir }: ProbeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its stdin is a silent pipe: its end shows the probe that the server has ended.
    const child = spawn(interpreter, [path.join(workersDir, '../python/probe.py'), entry], {
      cwd,
      env,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    const late = setTimeout(() => child.kill('SIGKILL'), PROBE_MS);
    let text = '';
    const pipes: readonly unknown[] = child.stdio;
    const answers = pipes[ANSWER_FD] as Duplex;
    answers.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    for (const stream of [child.stdin, answers]) stream?.on('error', () => {});
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      const text =
        error.code === 'ENOENT' ? `There is no Python ${interpreter}.` : `${interpreter}: ${error.message}.`;
      reject(missing(text, CHOOSE));
    });
    child.once('close', () => {
      clearTimeout(late);
      resolve(text);
    });
  });
}

interface Answer {
  version: number[];
  missing?: string;
  settings: OldSettings;
}

function parseAnswer(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || !Array.isArray(value.version)) return undefined;
    const version = value.version.filter((part): part is number => typeof part === 'number');
    const settings = isRecord(value.settings) ? value.settings : {};
    return { version, settings, ...(typeof value.missing === 'string' ? { missing: value.missing } : {}) };
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
