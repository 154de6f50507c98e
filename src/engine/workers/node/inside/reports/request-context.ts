/** Knows for which request a piece of the app's code runs. */
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<number>();

export function runInRequest<T>(request: number, run: () => T): T {
  return storage.run(request, run);
}

/** Number of the request for which the caller runs; undefined outside of requests. */
export function currentRequest(): number | undefined {
  return storage.getStore();
}
