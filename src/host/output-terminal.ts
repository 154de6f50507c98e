/** The app's own output, colours kept, each line with its worker; in a terminal, where URLs and stack frames are links. */
import vscode from 'vscode';
import { AppOutput, type OutputLine } from '../common/app-output.ts';
import { coloured, outputMark } from '../common/terminal-style.ts';
import type { ServerEvent } from '../protocol/messages.ts';

/** Lines that are kept for a terminal that is not open yet, or was closed and is opened again. */
const KEPT_LINES = 2000;

export class OutputTerminal implements vscode.Disposable {
  #name: string;
  #terminal: vscode.Terminal | undefined;
  #write: ((text: string) => void) | undefined;
  #kept: string[] = [];
  #lines = new AppOutput((line) => this.#line(line));

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes what the app wrote. */
  add(event: Extract<ServerEvent, { type: 'log' }>): void {
    this.#lines.add(event);
  }

  /** A line of our own between what the app says. */
  note(text: string): void {
    this.#lines.flush();
    this.#emit(coloured('dim', text));
  }

  /** Makes the terminal if there is none; it appears in the list, and takes no focus. */
  open(): vscode.Terminal {
    this.#terminal ??= this.#create();
    return this.#terminal;
  }

  show(preserveFocus: boolean): void {
    this.open().show(preserveFocus);
  }

  /** Shows what one worker said, by a search for its mark. */
  async showWorker(worker: number): Promise<void> {
    this.show(false);
    await vscode.commands.executeCommand('workbench.action.terminal.focusFind');
    await vscode.env.clipboard.writeText(`#${worker} `);
  }

  dispose(): void {
    this.#terminal?.dispose();
    this.#terminal = undefined;
  }

  #create(): vscode.Terminal {
    const text = new vscode.EventEmitter<string>();
    return vscode.window.createTerminal({
      name: this.#name,
      iconPath: new vscode.ThemeIcon('server-process'),
      isTransient: true,
      pty: {
        onDidWrite: text.event,
        open: () => {
          this.#write = (line) => text.fire(line);
          text.fire(this.#kept.map((line) => `${line}\r\n`).join(''));
        },
        close: () => {
          this.#write = undefined;
          this.#terminal = undefined;
          text.dispose();
        },
      },
    });
  }

  #line({ text, worker, request }: OutputLine): void {
    // A colour that the app left on does not colour the line after it.
    const reset = text.includes('\u001b[') ? '\u001b[0m' : '';
    this.#emit(`${outputMark(worker, request, coloured)}${text}${reset}`);
  }

  #emit(line: string): void {
    this.#kept.push(line);
    if (this.#kept.length > KEPT_LINES * 1.5) this.#kept = this.#kept.slice(-KEPT_LINES);
    this.#write?.(`${line}\r\n`);
  }
}
