/** Remembers which servers run, so that a reload of the window restarts them on the same port. */
import type * as vscode from 'vscode';

const KEY = 'running';
/** A window that opens later than this was closed, not reloaded. */
const RELOAD_MS = 30_000;

interface Running {
  /** Port by folder. */
  ports: Record<string, number>;
  /** When the window closed, in ms since the epoch; absent if the extension host died. */
  leftAt?: number;
}

export class Session {
  #state: vscode.Memento;
  #ports: Record<string, number> = {};

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** The servers that ran when this window was reloaded or its extension host died: their ports by folder. */
  restore(now: number): Record<string, number> {
    const before = this.#state.get<Running>(KEY);
    if (before === undefined) return {};
    void this.#state.update(KEY, undefined);
    return before.leftAt === undefined || now - before.leftAt < RELOAD_MS ? before.ports : {};
  }

  started(folder: string, port: number): void {
    if (this.#ports[folder] === port) return;
    this.#ports[folder] = port;
    void this.#state.update(KEY, { ports: this.#ports } satisfies Running);
  }

  stopped(folder: string): void {
    if (!(folder in this.#ports)) return;
    delete this.#ports[folder];
    const none = Object.keys(this.#ports).length === 0;
    void this.#state.update(KEY, none ? undefined : ({ ports: this.#ports } satisfies Running));
  }

  /** The window is closing. */
  async left(now: number): Promise<void> {
    if (Object.keys(this.#ports).length === 0) return;
    await this.#state.update(KEY, { ports: this.#ports, leftAt: now } satisfies Running);
  }
}
