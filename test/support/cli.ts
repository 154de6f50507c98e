/** Runs the built command line (`dist/cli.js`) as a driver would, and leaves no process behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { after } from 'node:test';
import type { Command, ServerEvent } from '../../src/protocol/messages.ts';

/** How long {@link Cli.waitFor} waits by default. */
const DEADLINE_MS = 15_000;

const AS_PARENT = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`;

const running = new Set<Cli>();
after(() => Promise.all([...running].map((cli) => cli.kill())));
process.on('exit', () => {
  for (const cli of running) cli.killNow();
});

export interface CliOptions {
  /** Folder to run in; the repository's root by default. */
  cwd?: string;
  /** Variables beside the test's own; undefined removes one. */
  env?: Record<string, string | undefined>;
  /** Drive it over `--json` (true unless given); without, read {@link Cli.stdout} as a person would. */
  json?: boolean;
  /** The address argument: a free port of 127.0.0.1 by default; undefined omits it. */
  address?: string | undefined;
  /** The Node that runs the command line; by default the test's own. */
  node?: string;
  /** True: {@link Cli.child} is not the command line but its parent, which only waits. */
  parent?: boolean;
  /** Words before the command line, such as `unshare -r`. */
  under?: readonly string[];
}

export interface CliExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

type EventOf<T extends ServerEvent['type']> = Extract<ServerEvent, { type: T }>;

/** Starts the command line. It, and the workers it reported, are killed after the tests of the file, at the latest. */
export function startCli(args: readonly string[], options: CliOptions = {}): Cli {
  return new Cli(args, options);
}

export class Cli {
  readonly child: ChildProcess;
  /** Every event so far, in order. */
  readonly events: ServerEvent[] = [];
  /** Resolves with the first `ready`; rejects if the process exits before it. */
  readonly ready: Promise<EventOf<'ready'>>;
  /** Resolves when the process has exited and all its output was read. */
  readonly exit: Promise<CliExit>;
  stdout = '';
  stderr = '';
  #ended: CliExit | undefined;
  #checks = new Set<() => void>();
  #partial = '';
  #nextId = 1_000_000;

  constructor(args: readonly string[], options: CliOptions) {
    const { cwd, env, json = true, node = process.execPath, parent = false, under = [] } = options;
    const address = 'address' in options ? options.address : '0';
    const own = [...(json ? ['--json'] : []), ...(address === undefined ? [] : [address])];
    const words = [path.resolve('dist/cli.js'), ...own, ...args];
    const [program, ...rest] = [...under, node, ...(parent ? ['-e', AS_PARENT, ...words] : words)];
    this.child = spawn(program!, rest, {
      cwd: cwd ?? process.cwd(),
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(this);
    this.child.stdin?.on('error', () => {});
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      if (json) this.#readLines(text);
      this.#check();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#check();
    });
    this.exit = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        running.delete(this);
        this.#ended = { code, signal };
        resolve(this.#ended);
        this.#check();
      });
    });
    this.ready = this.waitForType('ready');
    // A test that does not wait for `ready` must not fail by it.
    this.ready.catch(() => {});
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The public address without the trailing slash; throws before `ready`. */
  get url(): string {
    const ready = this.ofType('ready')[0];
    if (ready === undefined) throw new Error(`Not ready yet.${this.#story()}`);
    return ready.url.replace(/\/$/, '');
  }

  ofType<T extends ServerEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  send(command: Command): void {
    this.write(`${JSON.stringify(command)}\n`);
  }

  /** Writes unchanged bytes to stdin, to send invalid commands. */
  write(text: string | Uint8Array): void {
    this.child.stdin?.write(text);
  }

  /** Sends a command with a new id, and resolves with the event that answers it. */
  ask(command: Command): Promise<ServerEvent> {
    const id = this.#nextId++;
    const from = this.events.length;
    this.send({ ...command, id });
    return this.waitFor((event) => 'id' in event && event.type !== 'worker' && event.id === id, {
      what: `answer to ${command.type}`,
      from,
    });
  }

  /** The first event, of all past and future ones, for which `predicate` is true. */
  async waitFor(
    predicate: (event: ServerEvent) => boolean,
    { what = predicate.toString(), deadlineMs = DEADLINE_MS, from = 0 } = {},
  ): Promise<ServerEvent> {
    let at = from;
    let found: ServerEvent | undefined;
    await this.#until(
      () => {
        while (found === undefined && at < this.events.length) {
          const event = this.events[at++]!;
          if (predicate(event)) found = event;
        }
        return found !== undefined;
      },
      what,
      deadlineMs,
    );
    return found!;
  }

  async waitForType<T extends ServerEvent['type']>(type: T): Promise<EventOf<T>> {
    return (await this.waitFor((event) => event.type === type, { what: type })) as EventOf<T>;
  }

  /** Waits for `pattern` in the text that a person sees: stdout, then stderr. */
  async waitForOutput(pattern: RegExp, deadlineMs = DEADLINE_MS): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await this.#until(
      () => {
        found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        return found !== null;
      },
      String(pattern),
      deadlineMs,
    );
    return found!;
  }

  /** Asks it to stop, and resolves when it has exited; fails if it does not exit in time. */
  async stop(): Promise<CliExit> {
    if (this.#ended === undefined) {
      if (this.child.stdout !== null && this.events.length > 0) this.send({ type: 'stop' });
      else this.child.kill('SIGTERM');
    }
    return this.waitForExit();
  }

  /** Like {@link exit}, with a deadline. */
  async waitForExit(deadlineMs = DEADLINE_MS): Promise<CliExit> {
    await this.#until(() => this.#ended !== undefined, 'the end of the process', deadlineMs);
    return this.#ended!;
  }

  /** Ends it at once with all its workers; for clean-up. */
  async kill(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.killNow();
    await this.exit.catch(() => {});
  }

  /** Like {@link kill}, without waiting. */
  killNow(): void {
    if (this.#ended !== undefined) return;
    this.child.kill('SIGKILL');
    for (const pid of this.workerPids()) killPid(pid);
  }

  /** Processes of the workers whose exit was not reported; empty in thread mode. */
  workerPids(): number[] {
    const alive = new Map<number, number>();
    for (const { id, pid, state } of this.ofType('worker')) {
      if (state === 'stopped' || state === 'crashed') alive.delete(id);
      else if (pid !== undefined && pid !== this.pid) alive.set(id, pid);
    }
    return [...new Set(alive.values())];
  }

  #readLines(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.events.push(parseEvent(line));
  }

  #check(): void {
    for (const check of [...this.#checks]) check();
  }

  /** Resolves when `done` returns true; it is called whenever the process has sent something. */
  #until(done: () => boolean, what: string, deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(late);
        this.#checks.delete(check);
        if (error === undefined) resolve();
        else reject(error);
      };
      const check = (): void => {
        if (done()) settle();
        else if (this.#ended !== undefined)
          settle(new Error(`The process ended before: ${what}.${this.#story()}`));
      };
      const late = setTimeout(() => {
        settle(new Error(`Not seen within ${deadlineMs} ms: ${what}.${this.#story()}`));
      }, deadlineMs);
      this.#checks.add(check);
      check();
    });
  }

  /** The last events, for the message of a failed test. */
  #story(): string {
    const events = this.events.slice(-15).map((event) => `\n  ${JSON.stringify(event).slice(0, 400)}`);
    const end =
      this.#ended === undefined ? '' : `\nended: code ${this.#ended.code}, signal ${this.#ended.signal}`;
    const out = this.events.length > 0 ? '' : `\nstdout: ${this.stdout.slice(-2000)}`;
    return `\nlast events:${events.join('')}${out}\nstderr: ${this.stderr.slice(-2000)}${end}`;
  }
}

/** A line that is not an event becomes a `log` event that no server sends, so that its message shows it. */
function parseEvent(line: string): ServerEvent {
  try {
    return JSON.parse(line) as ServerEvent;
  } catch {
    return { type: 'log', level: 'error', source: 'server', text: `NOT JSON: ${line}` };
  }
}

function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already exited.
  }
}
