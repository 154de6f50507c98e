/** One request of a trial, from its first byte until the worker has nothing left to do for it. */
import fs from 'node:fs';
import type { FromRaceHooks, RaceSite } from '../../wire/race-messages.ts';
import type { TrialContext } from '../scenario/trial-context.ts';
import type { Answer, Boundary, BoundaryKind } from '../types.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { ScriptRequest } from './script.ts';
import { send } from './send.ts';
import type { TrialFront } from './trial-front.ts';
import type { TrialWorker } from './trial-worker.ts';
import type { HookMessages } from './worker-messages.ts';

/** A worker that says nothing about a request for this long, in ms, has nothing left to do for it, or is stuck. */
const SETTLED_LATEST_MS = 2000;
/** How long a worker may take to say what a request waits for, in ms; one that computes takes longer. */
const ASK_MS = 20;

export interface SendContext {
  front: TrialFront;
  port: number;
  hooks: HookMessages;
  references: TrialContext;
  /** Path of a file that does not exist; see race-messages.ts. Undefined: synchronous calls are no boundaries. */
  gate: string | undefined;
  jar(client: string): CookieJar;
}

interface SendingEvents {
  boundary?(boundary: Boundary, held: boolean): void;
  headers?(): void;
}

export class ObservedSending {
  readonly worker: TrialWorker;
  #context: SendContext;
  #request: ScriptRequest;
  #events: SendingEvents;
  #id: number | undefined;
  #unknown = 0;
  #heldAt: BoundaryKind | undefined;
  #settling: Promise<void> | undefined;
  #onSettled: () => void = () => {};
  #onWaits: (timerMs: number) => void = () => {};

  constructor(context: SendContext, request: ScriptRequest, worker: TrialWorker, events: SendingEvents = {}) {
    this.#context = context;
    this.#request = request;
    this.worker = worker;
    this.#events = events;
  }

  /** Boundaries of no known request that the worker passed meanwhile. */
  get unknown(): number {
    return this.#unknown;
  }

  /** Resolves with the answer; what goes wrong is an answer with a failure. */
  async send(pauses: readonly RaceSite[] = [], beforeBody?: Promise<void>): Promise<Answer> {
    const { front, port, hooks, references, jar, gate } = this.#context;
    const { index, client, timeoutMs, name } = this.#request;
    const built = this.#request.build(references);
    const cookies = jar(client);
    const path = built.path.split('?', 1)[0]!;
    const cookie = built.headers.some(([header]) => header.toLowerCase() === 'cookie')
      ? undefined
      : cookies.headerFor(path);
    const request =
      cookie === undefined ? built : { ...built, headers: [...built.headers, ['Cookie', cookie] as const] };
    const answer = await send(request, {
      ...{ front, port, index, timeoutMs, pauses, gate, worker: this.worker },
      ...(beforeBody === undefined ? {} : { beforeBody }),
      admitted: (id) => {
        this.#id = id;
        hooks.listen(this.worker, id, (message) => this.#receive(message));
      },
      headers: (headers) => {
        // At once, as a browser does: it may follow a redirect before the answer has ended.
        const given = headers.filter(([header]) => header.toLowerCase() === 'set-cookie');
        cookies.store(
          path,
          given.map(([, value]) => value),
        );
        this.#events.headers?.();
      },
    });
    if (name !== undefined) references.responses.set(name, answer);
    return answer;
  }

  /** It may go on from where it is held: at a boundary of its event loop, or within a synchronous call. */
  go(): void {
    const { gate } = this.#context;
    if (this.#heldAt === 'sync' && gate !== undefined) fs.writeFileSync(gate, '');
    else this.#tell('go');
  }

  /** Resolves once the worker has nothing left to do for it. */
  settle(): Promise<void> {
    this.#settling ??= this.#settle();
    return this.#settling;
  }

  async #settle(): Promise<void> {
    const { settleMs } = this.#request;
    const { managed, exited } = this.worker;
    if (this.#id === undefined) return;
    if (settleMs !== undefined) await new Promise((resolve) => setTimeout(resolve, settleMs));
    if (!managed.exited) {
      const settled = new Promise<void>((resolve) => {
        this.#onSettled = resolve;
      });
      this.#tell('settle');
      await within(Promise.race([settled, exited]), SETTLED_LATEST_MS);
    }
    this.#context.hooks.forget(this.worker, this.#id);
  }

  /** @returns ms until its last timer fires; 0: it has none; undefined: the worker does not say, because it computes */
  async timerMs(): Promise<number | undefined> {
    if (this.#id === undefined || this.worker.managed.exited) return 0;
    const answer = new Promise<number>((resolve) => {
      this.#onWaits = resolve;
    });
    this.#tell('ask');
    return within(answer, ASK_MS);
  }

  #tell(what: 'go' | 'settle' | 'ask'): void {
    if (this.#id === undefined || this.worker.managed.exited) return;
    const { upstream } = this.worker.managed;
    upstream.send({ type: 'race', message: { do: what, request: this.#id } });
  }

  #receive(message: FromRaceHooks): void {
    if (message.is === 'settled') {
      this.#unknown += message.unknown;
      this.#onSettled();
    } else if (message.is === 'waits') this.#onWaits(message.timerMs);
    else if (message.is === 'boundary') {
      const { kind, fn, file, line, label, occurrence, held } = message;
      if (held) this.#heldAt = kind as BoundaryKind;
      this.#events.boundary?.(
        { kind: kind as BoundaryKind, fn, file, line, label, occurrence, atMs: 0 },
        held,
      );
    }
  }
}

/** Undefined if it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  const result = await Promise.race([promise, late]);
  clearTimeout(timer);
  return result;
}
