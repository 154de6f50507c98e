/**
 * srvx turns a fetch handler into a Node handler. A separate file, because only apps that export a fetch handler load
 * it.
 */
export { toNodeHandler } from 'srvx/node';
