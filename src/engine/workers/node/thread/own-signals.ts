/**
 * Signals that the app sends to its own process. In a thread that is the whole server, but the app means itself: libraries
 * for a graceful end pass the signal on, `process.kill(process.pid, signal)`, when they have cleaned up.
 */
import { constants } from 'node:os';

/** Those that end a process which does not listen for them, as far as Node lets an app send them to itself. */
const ENDING = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR2',
  'SIGKILL',
  'SIGABRT',
  'SIGBREAK',
] as const;
const UNHEARD = ['SIGKILL'];

/** From now on they call the app's handlers, or end this thread as they would end a process. */
export function keepOwnSignals(): void {
  const kill = process.kill.bind(process);
  process.kill = (pid, signal = 'SIGTERM') => {
    const name = ENDING.find((one) => signal === one || signal === constants.signals[one]);
    if (pid !== process.pid || name === undefined) return kill(pid, signal);
    // As with a real signal, the code that sent it goes on first.
    setImmediate(() => {
      const heard = !UNHEARD.includes(name) && process.emit(name, name);
      // A shell's code for a process that a signal ended.
      if (!heard) process.exit(128 + (constants.signals[name] ?? 0));
    });
    return true;
  };
}
