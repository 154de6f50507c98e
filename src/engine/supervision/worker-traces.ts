/** What a worker leaves behind that may say why it ended: what it threw, what it wrote last, which files it loaded last. */
import type { SourceLocation } from '../../protocol/messages.ts';
import type { FromWorker } from '../../wire/frames.ts';

/** Output that is kept for the crash report. */
const TAIL_BYTES = 4096;
/** Files that are remembered of a worker that has not served yet, to look for a syntax error in. */
const RECENT_FILES = 10;

/** The app's last uncaught exception. */
export interface AppException {
  message: string;
  stack: string;
  location?: SourceLocation;
}

/** What may say where in the app's source the exception is. */
interface FailureTraces extends AppException {
  /** The last lines the worker wrote. */
  tail: string;
  /** The last files the worker loaded, the newest first. */
  files: readonly string[];
}

export type Locate = (traces: FailureTraces) => Promise<FailureSource | undefined>;
type FailureSource = SourceLocation & { frame?: string };

export class WorkerTraces {
  #exception: AppException | undefined;
  #nothingToServe: string | undefined;
  #source: FailureSource | undefined;
  #tail = '';
  #files: string[] = [];

  get exception(): AppException | undefined {
    return this.#exception;
  }

  /** Why it can't be served, in a sentence; set by apps that end without listening. */
  get nothingToServe(): string | undefined {
    return this.#nothingToServe;
  }

  /** Where in the app's source the exception is, once that was looked for. */
  get source(): FailureSource | undefined {
    return this.#source;
  }

  /** The last lines it wrote. */
  get tail(): string {
    return this.#tail;
  }

  wrote(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL_BYTES);
  }

  threw({ message, stack, location }: Extract<FromWorker, { type: 'exception' }>): void {
    this.#exception = { message, stack, ...(location === undefined ? {} : { location }) };
  }

  hasNothingToServe(reason: string): void {
    this.#nothingToServe = reason;
  }

  loaded(files: readonly string[]): void {
    this.#files = [...files.slice(-RECENT_FILES).reverse(), ...this.#files].slice(0, RECENT_FILES);
  }

  /** Looks for the {@link source} of the exception, where there is one. */
  async locate(locate: Locate): Promise<void> {
    if (this.#exception === undefined) return;
    const traces = { ...this.#exception, tail: this.#tail, files: this.#files };
    this.#source = await locate(traces).catch(() => undefined);
  }
}
