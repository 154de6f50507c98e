/** The app's output, line for line as it comes, with the request it belongs to. */
import { currentRequest } from './request-context.ts';
import type { WorkerLink } from './worker-link.ts';

type WriteCallback = (error?: Error | null) => void;

/** Sends what is written to `process.stdout` and `process.stderr` over the link, at once: the next line may block. */
export function captureOutput(link: WorkerLink): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const write = (
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | WriteCallback,
      done?: WriteCallback,
    ) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const request = currentRequest();
      link.control({ type: 'log', stream, text, ...(request === undefined ? {} : { request }) });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    process[stream].write = write as typeof process.stdout.write;
  }
}
