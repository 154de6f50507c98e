/** Notices the end of the parent process, so that the server does not outlive its terminal or its editor. */
import { processExists } from '../../../common/process-exists.ts';

const POLL_MS = 250;

/**
 * Calls `onExit` once when the current parent has exited. A process that init started has no parent to watch.
 *
 * @returns a function that stops the watch
 */
export function watchParent(onExit: () => void): () => void {
  const parent = process.ppid;
  if (parent <= 1) return () => {};
  const timer = setInterval(() => {
    if (parentLives(parent)) return;
    clearInterval(timer);
    onExit();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function parentLives(parent: number): boolean {
  // POSIX gives an orphan a new parent. Windows keeps the number, so the process itself is checked there.
  return process.platform === 'win32' ? processExists(parent) : process.ppid === parent;
}
