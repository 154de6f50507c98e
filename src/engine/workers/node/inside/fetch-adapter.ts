/** srvx turns a fetch handler into a Node one. A file of its own, because only apps that export one load it. */
export { toNodeHandler } from 'srvx/node';
