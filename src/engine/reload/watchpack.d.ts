/** watchpack ships no types for this file. */
declare module 'watchpack/lib/watchEventSource.js' {
  export { Watcher, watch } from 'watchpack/types/watchEventSource.js';
}
