/** Prints the events of the server for a person. */
import path from 'node:path';
import { AppOutput, type OutputLine } from '../../common/app-output.ts';
import {
  type Color,
  coloured,
  escapeControlsInLines,
  outputMark,
  type Paint,
  plain,
  wantsColor,
} from '../../common/terminal-style.ts';
import type { ServerConfig } from '../../protocol/config.ts';
import type { ServerEvent, WorkerState } from '../../protocol/messages.ts';
import type { View } from '../arguments/parse-arguments.ts';
import { BufferedOutput, type OutputOptions, type Stream } from './buffered-output.ts';
import type { Channel } from './driver-channel.ts';
import {
  accessLine,
  errorLines,
  reloadLine,
  startUpBlock,
  stateAsNews,
  stateLines,
  workerLine,
} from './format.ts';

export interface TerminalOptions {
  streams: OutputOptions['streams'];
  env: NodeJS.ProcessEnv;
  view: View;
  config: ServerConfig;
  version: string;
  /** Whether the keys work. */
  keys: boolean;
  /** Called when nobody reads stdout any more. */
  disconnected(): void;
}

export class Terminal implements Channel {
  #options: TerminalOptions;
  #output: BufferedOutput;
  #appOutput = new AppOutput((line) => this.#appLine(line));
  #paints: Record<Stream, Paint>;
  #states = new Map<number, WorkerState>();
  /** Workers whose exit was explained by an error. Only then is it worth printing what follows. */
  #explained = new Set<number>();

  constructor(options: TerminalOptions) {
    this.#options = options;
    const { streams, env, view, disconnected } = options;
    const paint = (stream: Stream): Paint =>
      wantsColor(streams[stream], env, view.color) ? coloured : plain;
    this.#paints = { stdout: paint('stdout'), stderr: paint('stderr') };
    this.#output = new BufferedOutput({
      streams,
      disconnected,
      dropped: (count) => `(${count} lines were dropped because they were not read in time)\n`,
    });
  }

  send(event: ServerEvent): void {
    const { detail } = this.#options.view;
    switch (event.type) {
      case 'ready':
        this.#startUp(event);
        return;
      case 'listener':
        if (detail !== 'quiet') this.#print(`also at ${event.url}`, 'cyan');
        return;
      case 'request':
        if (detail !== 'quiet') this.#write(`${accessLine(event, this.#paints.stdout)}\n`, 'stdout', true);
        return;
      case 'worker':
        this.#worker(event);
        return;
      case 'stateInWorker':
        if (detail !== 'quiet') this.#write(`${stateLines(event, this.#paints.stdout)}\n`);
        return;
      case 'reload': {
        const line = reloadLine(event, this.#options.config.cwd);
        if (line !== undefined && detail !== 'quiet') this.#print(line.text, line.color);
        return;
      }
      case 'log':
        this.#log(event);
        return;
      case 'error':
        if (event.worker !== undefined) this.#explained.add(event.worker);
        this.#write(`${errorLines(event.error, this.#paints.stderr, event.worker)}\n`, 'stderr');
        return;
      case 'stopped':
        this.#appOutput.flush();
        if (event.reason !== 'failed' && detail !== 'quiet') this.#print('stopped', 'dim');
        return;
      // The app itself has printed its diagnostics.
      case 'diagnostics':
      case 'status':
      case 'reply':
        return;
    }
  }

  close(): Promise<void> {
    this.#appOutput.flush();
    return this.#output.close();
  }

  /** Prints a line of the server, not of the app. */
  #print(text: string, color?: Color): void {
    this.#write(`${color === undefined ? text : this.#paints.stdout(color, text)}\n`);
  }

  #startUp(ready: Extract<ServerEvent, { type: 'ready' }>): void {
    const { config, version, keys, view } = this.#options;
    if (view.detail === 'quiet') {
      this.#print(`${ready.url} (seed ${ready.seed})`);
      return;
    }
    const relative = path.relative(config.cwd, ready.entry);
    const app = relative.startsWith('..') ? ready.entry : relative;
    this.#write(startUpBlock({ ready, config, version, app, keys }, this.#paints.stdout));
  }

  #worker(event: Extract<ServerEvent, { type: 'worker' }>): void {
    const { id, state } = event;
    const { detail } = this.#options.view;
    const line = workerLine(event, this.#states.get(id), detail === 'verbose');
    this.#states.set(id, stateAsNews(event));
    const unexplained = state === 'restarting' && !this.#explained.has(id);
    if (line !== undefined && detail !== 'quiet' && !unexplained) this.#print(line.text, line.color);
    if (state !== 'stopped' && state !== 'restarting') return;
    this.#states.delete(id);
    this.#explained.delete(id);
  }

  #log(event: Extract<ServerEvent, { type: 'log' }>): void {
    const { level, source, text } = event;
    const { detail } = this.#options.view;
    if (source !== 'server') {
      // Apps report errors on stderr, so that is printed even with --quiet.
      if (detail !== 'quiet' || source === 'stderr') this.#appOutput.add(event);
      return;
    }
    if (level === 'error')
      this.#write(`${this.#paints.stderr('red', escapeControlsInLines(text))}\n`, 'stderr');
    else if (level === 'debug' ? detail === 'verbose' : detail !== 'quiet') {
      this.#print(escapeControlsInLines(text), level === 'warn' ? 'yellow' : 'dim');
    }
  }

  /** Keeps the app's colours, but resets them at the end of the line. */
  #appLine({ source, text, worker, request }: OutputLine): void {
    const paint = this.#paints[source];
    const reset = text.includes('\u001b[') && paint !== plain ? '\u001b[0m' : '';
    this.#write(`${outputMark(worker, request, paint)}${text}${reset}\n`, source, true);
  }

  #write(text: string, stream: Stream = 'stdout', droppable = false): void {
    this.#output.write(text, stream, droppable);
  }
}
