/** Starts a command in a project's folder, waits for its first answer, stops it as Ctrl-C does, and looks what is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './answers.ts';
import { ask, listens } from './ask.ts';
import { environment } from './environment.ts';
import { commandOf, killAll, marked, memoryOf, newMark } from './processes.ts';
import type { AskedRequest, Project } from './project.ts';

const POLL_MS = 10;
const STOP_MS = 10_000;
/** Helper processes that watch for the server's end are gone within this time; see docs/architecture.md. */
const LINGER_MS = 1_000;

const running = new Set<Running>();

/** Ends all that still run, at once. */
export function killRunning(): void {
  for (const one of running) one.kill();
}

export class Running {
  readonly port: number;
  #child: ChildProcess;
  #mark = newMark();
  #output = '';
  #exit: Promise<unknown>;
  #startedAt = performance.now();

  constructor(project: Project, folder: string, command: string, port: number) {
    this.port = port;
    this.#child = spawn('sh', ['-c', command], {
      cwd: folder,
      env: environment(project, folder, { ...this.#mark, PORT: String(port) }),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A terminal sends Ctrl-C to the whole group.
      detached: true,
    });
    running.add(this);
    const collect = (text: Buffer): void => {
      this.#output = (this.#output + text.toString()).slice(-6000);
    };
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
    this.#exit = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** How it ended by itself, in words; undefined while it runs. */
  get ended(): string | undefined {
    const { exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null ? undefined : `ended with ${exitCode ?? signalCode}`;
  }

  /** The last lines that it wrote. */
  get output(): string {
    return this.#output.trim().split('\n').slice(-15).join('\n');
  }

  /**
   * Asks until an answer comes whose status will do; @returns the time since the start in ms
   * @throws Error with its output, after having ended it
   */
  async firstAnswer(
    asked: AskedRequest,
    deadlineMs: number,
    willDo: (status: number) => boolean = (status) => status < 500,
  ): Promise<number> {
    let last = 'no answer';
    while (performance.now() - this.#startedAt < deadlineMs) {
      if (this.ended !== undefined) {
        last = this.ended;
        break;
      }
      try {
        const answer: Answer = await ask(this.port, asked);
        if (willDo(answer.status)) return performance.now() - this.#startedAt;
        last = `status ${answer.status}: ${answer.body.replace(/<[^>]*>|\s+/g, ' ').slice(0, 300)}`;
      } catch (error) {
        last = (error as Error).message || (error as NodeJS.ErrnoException).code || 'no connection';
      }
      await delay(POLL_MS);
    }
    const { output } = this;
    await this.stop();
    throw new Error(`No first answer (${last}). Its output:\n${output}`);
  }

  /** Resolves with the exit code; null after a signal, or if it still runs after `deadlineMs` and had to be killed. */
  async exitCode(deadlineMs: number): Promise<number | null> {
    await Promise.race([this.#exit, delay(deadlineMs)]);
    const { exitCode } = this.#child;
    await this.stop();
    return exitCode;
  }

  memory(): number {
    return memoryOf(marked(this.#mark));
  }

  /** Stops it as Ctrl-C does; @returns how long that took, and what is left, which is then ended */
  async stop(): Promise<{ stopMs: number; left: string[] }> {
    const from = performance.now();
    if (this.ended === undefined) {
      this.#signal('SIGINT');
      await Promise.race([this.#exit, delay(STOP_MS, undefined, { ref: false })]);
    }
    const stopMs = performance.now() - from;
    let pids = marked(this.#mark);
    for (const until = performance.now() + LINGER_MS; pids.length > 0 && performance.now() < until; ) {
      await delay(50);
      pids = marked(this.#mark);
    }
    const left = pids.map((pid) => `process ${commandOf(pid)}`);
    if (await listens(this.port)) left.push('its port');
    this.kill();
    running.delete(this);
    return { stopMs, left };
  }

  kill(): void {
    killAll(marked(this.#mark));
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#child.pid!, signal);
    } catch {
      // It has ended.
    }
  }
}
