/** Handles the workers' messages other than requests: servers they open, children they start, output and exceptions. */
import path from 'node:path';
import { ENDINGS } from '../../common/entry-names.ts';
import type { ServerEvent } from '../../protocol/messages.ts';
import { NO_FILE } from '../../wire/file-stamp.ts';
import type { BoundAddress, FromWorker, Patience } from '../../wire/frames.ts';
import { missingFile } from '../diagnostics/source-location.ts';
import { saysPortIsTaken } from '../diagnostics/taken-port.ts';
import type { ProcessGuard } from '../process/orphans/process-guard.ts';
import type { Upstream } from '../scheduling/upstream.ts';
import { KnownApp } from './known-app.ts';
import type { ManagedWorker } from './managed-worker.ts';
import { type Addresses, WorkerServers } from './worker-servers.ts';

/** How long an app may go on after a process of its own found the port taken: it may listen itself yet. */
const OWN_PROCESS_MS = 2000;
const OWN_PROCESS =
  "The app's server is a process of its own, which the app starts, so it finds the port taken. " +
  'Name the file that this process runs instead';

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
  /** The app's server is a process of its own, and the worker waits for it or with it. */
  unreachable(worker: ManagedWorker): void;
}

/** The receivers of the messages. */
export interface MessageTargets {
  addresses: Addresses;
  guard: Pick<ProcessGuard, 'spawned' | 'childExited' | 'bound'>;
}

export class WorkerMessages {
  #addresses: MessageTargets['addresses'];
  #guard: MessageTargets['guard'];
  #events: WorkerMessageEvents;
  #servers = new Map<number, WorkerServers>();
  #knownApp = new KnownApp();

  constructor({ addresses, guard }: MessageTargets, events: WorkerMessageEvents) {
    this.#addresses = addresses;
    this.#guard = guard;
    this.#events = events;
  }

  receive(worker: ManagedWorker, message: FromWorker): void {
    const { upstream } = worker;
    switch (message.type) {
      case 'listen':
        this.#serversOf(worker).asked(message);
        return;
      case 'heads':
        this.#serversOf(worker).heads(message.index, message);
        return;
      case 'unlisten':
        this.#serversOf(worker).closed(message.index);
        return;
      case 'waited':
        this.#serversOf(worker).waited(message.patience as Patience);
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
    this.#noteTakenPort(worker);
    const level = source === 'stderr' ? 'error' : 'info';
    const attribution = request === undefined ? {} : { request };
    this.#events.emit({ type: 'log', level, source, text, worker: worker.id, ...attribution });
  }

  /** The worker has exited. */
  ended({ id }: ManagedWorker): void {
    this.#servers.get(id)?.left();
    this.#servers.delete(id);
  }

  /** The app itself never finds the port taken: what does is a process of its own, which nobody can reach through us. */
  #noteTakenPort(worker: ManagedWorker): void {
    const { traces } = worker;
    const { bound } = this.#addresses.first;
    if (worker.served || traces.nothingToServe !== undefined || !('port' in bound)) return;
    if (!saysPortIsTaken(traces.tail, bound.port)) return;
    traces.hasNothingToServe({ type: 'nothingToServe', message: OWN_PROCESS });
    const timer = setTimeout(() => {
      if (!worker.served && !worker.exited) this.#events.unreachable(worker);
    }, OWN_PROCESS_MS);
    timer.unref();
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

  #serversOf({ id, generation, upstream }: ManagedWorker): WorkerServers {
    const known = this.#servers.get(id);
    if (known !== undefined) return known;
    const parts = {
      addresses: this.#addresses,
      known: this.#knownApp,
      events: {
        accepts: (accepting: Upstream) => this.#events.accepts(accepting),
        bound: (address: BoundAddress) => this.#guard.bound(address),
      },
    };
    const servers = new WorkerServers(upstream, generation, parts);
    this.#servers.set(id, servers);
    return servers;
  }
}
