/** Notices the end of the parent process, so that the server does not outlive its terminal or its editor. */
import { processExists } from '../../../common/process-exists.ts';

const POLL_MS = 250;

/**
 * Calls `onGone` once when the parent at the time of the call has ended. A process that init started has no parent to
 * lose. @returns a function that ends the watch
 */
export function watchParent(onGone: () => void): () => void {
  const parent = process.ppid;
  if (parent <= 1) return () => {};
  const timer = setInterval(() => {
    if (parentLives(parent)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function parentLives(parent: number): boolean {
  // POSIX gives an orphan to another process. Windows keeps the number, so there the process itself is asked for.
  return process.platform === 'win32' ? processExists(parent) : process.ppid === parent;
}
