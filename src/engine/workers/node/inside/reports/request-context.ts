/** Which request a piece of the app's code is running for. */
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<number>();

export function runInRequest<T>(request: number, run: () => T): T {
  return storage.run(request, run);
}

/** Number of the request on whose behalf the caller runs; undefined outside of any. */
export function currentRequest(): number | undefined {
  return storage.getStore();
}
