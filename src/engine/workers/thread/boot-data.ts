/** What a thread worker is started with. */
import type { MessagePort } from 'node:worker_threads';

export interface ThreadBootData {
  /** Tells our worker threads from the app's own, which inherit the same `--require`. */
  concurrentServer: true;
  port: MessagePort;
  claims: Int32Array;
  entry: string;
}
