/** The server of the race finder: an address of its own, the front of the dev server, and the workers of the trials. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Listeners } from '../../engine/http/listen/listeners.ts';
import { ProcessGuard } from '../../engine/process/orphans/process-guard.ts';
import { findServedApp, type ServedApp, WORKERS_DIR } from '../../engine/served-app.ts';
import { PythonRuntime } from '../../engine/workers/python/python-runtime.ts';
import type { ServerConfig } from '../../protocol/config.ts';
import { ServerError } from '../../protocol/errors.ts';
import { TrialFront } from './trial-front.ts';
import { type TrialWorkerEvents, TrialWorkers } from './trial-workers.ts';

const HOST = '127.0.0.1';

interface Parts {
  app: ServedApp;
  guard: ProcessGuard;
  addresses: Listeners;
  front: TrialFront;
  env: Record<string, string>;
  port: number;
  /** Absolute path of the folder of marked sources. */
  marks: string;
}

export class TrialServer {
  readonly app: ServedApp;
  readonly workers: TrialWorkers;
  readonly front: TrialFront;
  readonly port: number;
  #guard: ProcessGuard;
  #addresses: Listeners;
  #marks: string;

  private constructor(parts: Parts, events: TrialWorkerEvents) {
    this.app = parts.app;
    this.front = parts.front;
    this.port = parts.port;
    this.#guard = parts.guard;
    this.#addresses = parts.addresses;
    this.#marks = parts.marks;
    this.workers = new TrialWorkers(parts, events);
  }

  /** Finds the app and binds a free port of the loopback address. Rejects with a ServerError. */
  static async open(config: ServerConfig, events: TrialWorkerEvents): Promise<TrialServer> {
    const log = (level: 'debug' | 'info' | 'warn', text: string): void =>
      events.emit({ type: 'log', level, source: 'server', text });
    const guard = new ProcessGuard((text) => log('warn', text));
    const app = await findServedApp(config, { guard, workersDir: WORKERS_DIR, log });
    if (app.runtime instanceof PythonRuntime) {
      throw new ServerError('BAD_CONFIG', 'The race finder runs Node apps. This is a Python app.');
    }
    const { cwd, allowedHosts } = app.config;
    const environment = await app.environment();
    // Threads use the working folder of their process.
    process.chdir(cwd);
    const front = new TrialFront(HOST, allowedHosts, (text) => log('warn', text));
    const addresses = new Listeners({ addr: HOST, both: false }, front, () => {});
    const first = await addresses.bindFirst(0);
    const { port } = first.address as { port: number };
    await guard.open({ url: first.url, cwd });
    const env = { ...environment, PORT: String(port), HOST, ...guard.environment };
    const marks = await fs.mkdtemp(path.join(os.tmpdir(), 'concurrent-server-races-'));
    return new TrialServer({ app, guard, addresses, front, env, port, marks }, events);
  }

  /** Nothing is left: no worker, no process that one started, no port. */
  async close(): Promise<void> {
    this.#addresses.stopAccepting();
    await this.workers.close();
    await this.#addresses.close();
    await this.#guard.close();
    await fs.rm(this.#marks, { recursive: true, force: true });
  }
}
