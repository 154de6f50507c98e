/** Handles the workers' messages other than requests: servers they open, children they start, output and exceptions. */
import path from 'node:path';
import { ENDINGS } from '../../common/entry-names.ts';
import type { ServerEvent } from '../../protocol/messages.ts';
import { NO_FILE } from '../../wire/file-stamp.ts';
import type { FromWorker } from '../../wire/frames.ts';
import { missingFile } from '../diagnostics/source-location.ts';
import type { Listeners } from '../http/listen/listeners.ts';
import type { ProcessGuard } from '../process/orphans/process-guard.ts';
import type { Upstream } from '../scheduling/upstream.ts';
import type { ManagedWorker } from './managed-worker.ts';

interface WorkerMessageEvents {
  emit(event: ServerEvent): void;
  /** The worker accepts requests for one more of the app's servers. */
  accepts(upstream: Upstream): void;
  /** The app loads a native addon in a thread; see wire/frames.ts. */
  addon(worker: ManagedWorker, name: string, refused: boolean): void;
  /** The app loaded files, or looked for them in vain; `stamps` in the same order, see wire/file-stamp.ts. */
  loaded(worker: ManagedWorker, files: readonly string[], stamps: readonly string[]): void;
  /** The app is about to write these files itself. */
  wrote(files: readonly string[]): void;
}

/** The receivers of the messages. */
export interface MessageTargets {
  addresses: Pick<Listeners, 'bind' | 'allowHeads'>;
  guard: Pick<ProcessGuard, 'spawned' | 'childExited' | 'bound'>;
}

export class WorkerMessages {
  #addresses: MessageTargets['addresses'];
  #guard: MessageTargets['guard'];
  #events: WorkerMessageEvents;

  constructor({ addresses, guard }: MessageTargets, events: WorkerMessageEvents) {
    this.#addresses = addresses;
    this.#guard = guard;
    this.#events = events;
  }

  receive(worker: ManagedWorker, message: FromWorker): void {
    const { upstream } = worker;
    switch (message.type) {
      case 'listen':
        void this.#listen(upstream, message);
        return;
      case 'heads':
        this.#addresses.allowHeads(message.index, message);
        return;
      case 'unlisten':
        upstream.unaccept(message.index);
        return;
      case 'spawned':
        this.#guard.spawned({ name: worker.id, pid: worker.runner.pid }, message);
        return;
      case 'childExited':
        this.#guard.childExited({ name: worker.id, pid: worker.runner.pid }, message.pid);
        return;
      case 'exception':
        worker.traces.threw(message);
        this.#expect(worker, message.message);
        if (message.location !== undefined) this.#events.loaded(worker, [message.location.file], []);
        return;
      case 'loaded':
        if (!worker.served) worker.traces.loaded(message.files);
        this.#events.loaded(worker, message.files, message.stamps);
        return;
      case 'wrote':
        this.#events.wrote(message.files);
        return;
      case 'diagnostics':
        this.#events.emit({ type: 'diagnostics', worker: worker.id, diagnostics: message.diagnostics });
        return;
      case 'nothingToServe':
        worker.traces.hasNothingToServe(message);
        if (message.location !== undefined) this.#events.loaded(worker, [message.location.file], []);
        return;
      case 'addon':
        worker.noteAddon(!message.refused);
        this.#events.addon(worker, message.name, message.refused);
        return;
      case 'standsStill':
        worker.runner.leave?.();
        return;
      case 'memory':
        upstream.measured(message.bytes);
    }
  }

  /** The app's own output, with its request if that is known. */
  output(worker: ManagedWorker, source: 'stdout' | 'stderr', text: string, request?: number): void {
    worker.traces.wrote(text);
    const level = source === 'stderr' ? 'error' : 'info';
    const attribution = request === undefined ? {} : { request };
    this.#events.emit({ type: 'log', level, source, text, worker: worker.id, ...attribution });
  }

  /** A missing module is watched as well, because creating it may fix the app. */
  #expect(worker: ManagedWorker, message: string): void {
    const missing = missingFile(message);
    if (missing === undefined) return;
    const names =
      path.extname(missing) === '' ? ['', ...ENDINGS].map((ending) => missing + ending) : [missing];
    this.#events.loaded(
      worker,
      names,
      names.map(() => NO_FILE),
    );
  }

  async #listen(upstream: Upstream, message: Extract<FromWorker, { type: 'listen' }>): Promise<void> {
    const { index } = message;
    try {
      const address = await this.#addresses.bind(message);
      // The first server is at the public address, so a unix path that it asked for is not used and not guarded.
      if (index > 0) this.#guard.bound(address);
      if (upstream.state === 'closed') return;
      upstream.send({ type: 'listening', index, address });
      upstream.accept(index);
      this.#events.accepts(upstream);
    } catch (error) {
      const { code = 'EINVAL', message: text } = error as NodeJS.ErrnoException;
      if (upstream.state !== 'closed') upstream.send({ type: 'listenFailed', index, code, message: text });
    }
  }
}
