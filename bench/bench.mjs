/** The tools of a scenario: the running subjects, the load client, interleaved rounds, and a place for notes. */
import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSubject, stopAll, throwIfInterrupted } from './running.mjs';

/** Starts the load client and returns the function that gives it a job; `stop` ends it. */
export function startClient(node) {
  const file = join(dirname(fileURLToPath(import.meta.url)), 'client.mjs');
  const child = fork(file, [], { execPath: node, execArgv: [] });
  const waiting = new Map();
  let nextId = 1;
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the load client ended with ${code}`));
  });
  return {
    run: (job, args) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        child.send({ id, job, args });
      }),
    stop: () => child.kill(),
  };
}

export class Bench {
  /** Sentences for the report: failures and omissions. */
  notes = [];
  servers = new Map();

  constructor({ names, quick, node, env, client }) {
    Object.assign(this, { names, quick, node, env, client });
  }

  /** Starts every subject with four workers and keeps it; a subject that does not start is noted and omitted. */
  async startServers() {
    for (const name of this.names) {
      try {
        this.servers.set(name, await startSubject(name, { node: this.node, workers: 4, env: this.env }));
      } catch (error) {
        this.note(`${name} did not run: ${error.message}`);
      }
    }
  }

  async stopServers() {
    const servers = [...this.servers.values()];
    this.servers.clear();
    await stopAll();
    for (const { name, leftBehind } of servers) {
      if (leftBehind?.length > 0)
        this.note(`${name} left ${leftBehind.length} processes behind after its stop`);
    }
  }

  /** The running subjects, without those that a scenario omits. */
  running(except = []) {
    return [...this.servers.keys()].filter((name) => !except.includes(name));
  }

  /**
   * Calls `measure(name, round)` for each subject in round 0, then in round 1 …, so that a slow moment of the machine
   * affects all alike; the order changes with the round. Resolves with the values by subject. A subject that fails is
   * noted and omitted from then on.
   */
  async rounds(count, names, measure) {
    const samples = Object.fromEntries(names.map((name) => [name, []]));
    const failed = new Set();
    for (let round = 0; round < count; round++) {
      const first = round % Math.max(1, names.length);
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        if (failed.has(name)) continue;
        throwIfInterrupted();
        try {
          samples[name].push(await measure(name, round));
        } catch (error) {
          throwIfInterrupted();
          failed.add(name);
          this.note(`${name} failed in round ${round + 1}: ${error.message}`);
        }
      }
    }
    return samples;
  }

  /** A job of the load client against a running subject; requests that did not get a 200 are noted. */
  async load(name, job, args) {
    const result = await this.client.run(job, { port: this.servers.get(name).port, ...args });
    if (result.failed > 0)
      this.note(`${name}: ${result.failed} requests of a ${job} round were not answered 200`);
    return result;
  }

  note(sentence) {
    this.notes.push(sentence);
    console.error(`  ! ${sentence}`);
  }
}
