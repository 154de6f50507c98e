/** The app's output, each line with its worker. A terminal keeps colours and makes links of URLs and stack frames. */
import * as vscode from 'vscode';
import { AppOutput, type OutputLine } from '../../common/app-output.ts';
import { coloured, outputMark } from '../../common/terminal-style.ts';
import type { ServerEvent } from '../../protocol/messages.ts';

/** Lines kept for a terminal that is opened later, or again. */
const KEPT_LINES = 2000;

interface KeptLine {
  text: string;
  /** The worker that wrote it; undefined for notes of the extension. */
  worker: number | undefined;
}

export class OutputTerminal implements vscode.Disposable {
  #name: string;
  /** By the worker that it shows; the key undefined is for the one that shows all. */
  #terminals = new Map<number | undefined, vscode.Terminal>();
  #writers = new Map<number | undefined, (line: string) => void>();
  #kept: KeptLine[] = [];
  #lines = new AppOutput((line) => this.#line(line));

  constructor(name: string) {
    this.#name = name;
  }

  add(event: Extract<ServerEvent, { type: 'log' }>): void {
    this.#lines.add(event);
  }

  /** Adds a line of the extension. */
  note(text: string): void {
    this.#lines.flush();
    this.#emit({ text: coloured('dim', text), worker: undefined });
  }

  /** Creates the terminal if there is none. It appears in the list of terminals and takes no focus. */
  open(): vscode.Terminal {
    return this.#of(undefined);
  }

  show(preserveFocus: boolean): void {
    this.open().show(preserveFocus);
  }

  /** Shows the output of one worker in a separate terminal. */
  showWorker(worker: number): void {
    this.#of(worker).show(false);
  }

  dispose(): void {
    for (const terminal of this.#terminals.values()) terminal.dispose();
    this.#terminals.clear();
  }

  #of(worker: number | undefined): vscode.Terminal {
    const terminal = this.#terminals.get(worker) ?? this.#create(worker);
    this.#terminals.set(worker, terminal);
    return terminal;
  }

  #create(worker: number | undefined): vscode.Terminal {
    const text = new vscode.EventEmitter<string>();
    const write = (line: string): void => text.fire(`${line}\r\n`);
    return vscode.window.createTerminal({
      name: worker === undefined ? this.#name : `${this.#name} #${worker}`,
      iconPath: new vscode.ThemeIcon('server-process'),
      isTransient: true,
      pty: {
        onDidWrite: text.event,
        open: () => {
          this.#writers.set(worker, write);
          for (const line of this.#kept) if (isFor(worker, line)) write(line.text);
        },
        close: () => {
          this.#writers.delete(worker);
          this.#terminals.delete(worker);
          text.dispose();
        },
      },
    });
  }

  #line({ text, worker, request }: OutputLine): void {
    // A colour that the app did not reset must not colour the next line.
    const reset = text.includes('\u001b[') ? '\u001b[0m' : '';
    this.#emit({ text: `${outputMark(worker, request, coloured)}${text}${reset}`, worker });
  }

  #emit(line: KeptLine): void {
    this.#kept.push(line);
    if (this.#kept.length > KEPT_LINES * 1.5) this.#kept = this.#kept.slice(-KEPT_LINES);
    for (const [worker, write] of this.#writers) if (isFor(worker, line)) write(line.text);
  }
}

function isFor(worker: number | undefined, line: KeptLine): boolean {
  return worker === undefined || worker === line.worker;
}
