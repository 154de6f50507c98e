/** Traces of a worker that may explain its exit: its last exception, its last output, and the last files it loaded. */
import type { SourceLocation } from '../../protocol/messages.ts';
import type { FromWorker } from '../../wire/frames.ts';

/** Output that is kept for the crash report, in bytes. */
const TAIL_BYTES = 4096;
/** The number of loaded files to remember for a worker that has not served yet, to look for a syntax error in them. */
const RECENT_FILES = 10;

/** The app's last uncaught exception. */
export interface AppException {
  message: string;
  stack: string;
  location?: SourceLocation;
}

/** Traces that may show the location of the exception in the app's source. */
interface FailureTraces extends AppException {
  /** Its last lines of output. */
  tail: string;
  /** The last files that the worker loaded, the newest first. */
  files: readonly string[];
}

export type Locate = (traces: FailureTraces) => Promise<FailureSource | undefined>;
type FailureSource = SourceLocation & { frame?: string };

export class WorkerTraces {
  #exception: AppException | undefined;
  #nothingToServe: Extract<FromWorker, { type: 'nothingToServe' }> | undefined;
  #source: FailureSource | undefined;
  #tail = '';
  #files: string[] = [];

  get exception(): AppException | undefined {
    return this.#exception;
  }

  /** Why it can't be served, in a sentence; set by apps that exit without listening. */
  get nothingToServe(): string | undefined {
    return this.#nothingToServe?.message;
  }

  /** The location of the failure in the app's source, once that was searched for. */
  get source(): FailureSource | undefined {
    return this.#source;
  }

  /** Its last lines of output. */
  get tail(): string {
    return this.#tail;
  }

  wrote(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL_BYTES);
  }

  threw({ message, stack, location }: Extract<FromWorker, { type: 'exception' }>): void {
    this.#exception = { message, stack, ...(location === undefined ? {} : { location }) };
  }

  hasNothingToServe(message: Extract<FromWorker, { type: 'nothingToServe' }>): void {
    this.#nothingToServe = message;
  }

  loaded(files: readonly string[]): void {
    this.#files = [...files.slice(-RECENT_FILES).reverse(), ...this.#files].slice(0, RECENT_FILES);
  }

  /** Searches for the {@link source} of the exception or of the app that can't be served, if there is one. */
  async locate(locate: Locate): Promise<void> {
    const location = this.#nothingToServe?.location;
    const nothing = location && { message: '', stack: '', location };
    const failure = this.#exception ?? nothing;
    if (failure === undefined) return;
    const traces = { ...failure, tail: this.#tail, files: this.#files };
    this.#source = await locate(traces).catch(() => undefined);
  }
}
