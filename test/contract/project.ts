/** An app in its own folder, whose files the test saves as editors do. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import type { ServerEvent } from '../../src/protocol/messages.ts';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';

/** How editors save: other programs see different events. */
export const SAVES = {
  'written in place': (file: string, text: string) => fs.writeFileSync(file, text),
  'written beside it and renamed': (file: string, text: string) => {
    fs.writeFileSync(`${file}.tmp`, text);
    fs.renameSync(`${file}.tmp`, file);
  },
  'deleted and created again': (file: string, text: string) => {
    fs.rmSync(file);
    fs.writeFileSync(file, text);
  },
  'moved away and created again': (file: string, text: string) => {
    fs.renameSync(file, `${file}~`);
    fs.writeFileSync(file, text);
    fs.rmSync(`${file}~`);
  },
} as const;

const LONG_AGO = new Date('2020-01-01');

export class Project {
  readonly folder: string;

  /** Make it while a suite is being defined; it is removed after the tests of that suite. */
  constructor(files: Record<string, string> = {}) {
    this.folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'project-')));
    for (const [name, text] of Object.entries(files)) {
      this.save(name, text);
      // A file that is written right before a start counts as a change; this one looks old.
      fs.utimesSync(this.file(name), LONG_AGO, LONG_AGO);
    }
    after(() => fs.rmSync(this.folder, { recursive: true, force: true }));
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  save(
    name: string,
    text: string,
    how: (file: string, text: string) => void = SAVES['written in place'],
  ): void {
    const file = this.file(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    how(file, text);
  }
}

/**
 * An app that answers with the export of its module `./version`. With a {@link Gate} it starts only while that is open.
 */
export const VERSION_APP = `
  const http = require('node:http');
  const version = require('./version');
  const answer = (req, res) => {
    const slow = req.url === '/slow';
    if (slow) console.log('request started');
    setTimeout(() => res.end(String(version)), slow ? 300 : 0);
  };
  const { GATE } = process.env;
  const isOpen = () => GATE === undefined || require('node:fs').existsSync(GATE);
  const start = () => (isOpen() ? http.createServer(answer).listen(3000) : setTimeout(start, 10));
  if (!isOpen()) console.log('at the gate');
  start();
`;

/** Lets a starting app listen, or makes it wait: a file outside the folders of apps. */
export class Gate {
  #file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'gate-')), 'open');
  readonly env = { GATE: this.#file };

  constructor() {
    this.open();
    after(() => fs.rmSync(path.dirname(this.#file), { recursive: true, force: true }));
  }

  open(): void {
    fs.writeFileSync(this.#file, '');
  }

  close(): void {
    fs.rmSync(this.#file);
  }

  /** Resolves when a worker has loaded the app and waits, after the first `from` events. */
  async reached(cli: Cli, from: number): Promise<void> {
    const waits = (event: ServerEvent): boolean => event.type === 'log' && event.text === 'at the gate\n';
    await cli.waitFor(waits, { from, what: 'that a worker waits' });
  }
}

export function version(name: string): string {
  return `module.exports = ${JSON.stringify(name)};\n`;
}

export interface Sample {
  /** Clock of `performance.now()`. */
  sentAt: number;
  /** 0 if there was no answer. */
  status: number;
  text: string;
}

/** Asks every `everyMs`, each request on its own connection, until it is stopped. */
export class Asking {
  readonly samples: Sample[] = [];
  #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout;
  #waiting = new Set<() => void>();

  constructor(url: string, everyMs = 10) {
    this.#timer = setInterval(() => {
      const one = this.#ask(url).finally(() => this.#pending.delete(one));
      this.#pending.add(one);
    }, everyMs);
  }

  /** Resolves once an answer has `text`. */
  async until(text: string): Promise<void> {
    while (!this.samples.some((sample) => sample.text === text)) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Resolves with all samples, when the last one is answered. */
  async stop(): Promise<Sample[]> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    return this.samples;
  }

  async #ask(url: string): Promise<void> {
    const sample: Sample = { sentAt: performance.now(), status: 0, text: '' };
    try {
      const { status, text } = await ask(url);
      Object.assign(sample, { status, text });
    } catch (error) {
      sample.text = String(error);
    }
    this.samples.push(sample);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
