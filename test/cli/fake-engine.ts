import { ServerError } from '../../src/protocol/errors.ts';
import type { Command, Engine, ServerEvent, StopReason } from '../../src/protocol/messages.ts';

/** An engine that only records its calls. */
export class FakeEngine implements Engine {
  readonly calls: string[] = [];
  #listeners: Array<(event: ServerEvent) => void> = [];
  /** `start` waits for it. */
  starting: Promise<void> = Promise.resolve();

  async start(): Promise<void> {
    this.calls.push('start');
    await this.starting;
  }

  async command(command: Command): Promise<void> {
    this.calls.push(command.type);
    if (command.type === 'killWorker') throw new ServerError('NO_SUCH_WORKER', 'There is no worker 9.');
  }

  async stop(reason: StopReason, now = false): Promise<void> {
    this.calls.push(`stop ${reason}${now ? ' now' : ''}`);
  }

  on(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.push(listener);
    return () => {};
  }
}
