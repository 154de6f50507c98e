/** watchpack's types are not beside this file of it. */
declare module 'watchpack/lib/watchEventSource.js' {
  export { Watcher, watch } from 'watchpack/types/watchEventSource.js';
}
