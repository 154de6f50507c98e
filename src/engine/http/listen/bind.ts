/**
 * Binds the public address, or reports the process that holds it. With --take-over, an orphaned server is ended first.
 */
import type { ServerConfig } from '../../../protocol/config.ts';
import { ServerError } from '../../../protocol/errors.ts';
import { endLeftoverOn } from '../../process/orphans/leftovers.ts';
import { portOwner } from '../../process/orphans/port-owner.ts';
import type { Listener } from './listener.ts';
import type { Listeners } from './listeners.ts';

/** How long the port of an ended leftover may take to become free, in ms. */
const PORT_FREE_MS = 2000;
const RETRY_MS = 20;
/** The most characters of another program's command line in a message. */
const MAX_COMMAND = 120;

/** Rejects with a ServerError: `PORT_TAKEN`, `PORT_DENIED`, `ADDRESS_UNAVAILABLE`. */
export async function bindPublicAddress(
  listeners: Listeners,
  { addr, port, takeOver }: Pick<ServerConfig, 'addr' | 'port' | 'takeOver'>,
): Promise<Listener> {
  try {
    return await listeners.bindFirst(port);
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!takeOver || !taken || !(await endLeftoverOn(port))) throw await listenError(error, addr, port);
  }
  // A process counts as dead when its first thread is dead; its sockets close with its last thread.
  const deadline = performance.now() + PORT_FREE_MS;
  for (;;) {
    try {
      return await listeners.bindFirst(port);
    } catch (error) {
      if (performance.now() > deadline) throw await listenError(error, addr, port);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Why the address could not be bound, in words that a person can act on. */
async function listenError(error: unknown, addr: string, port: number): Promise<ServerError> {
  const { code } = error as NodeJS.ErrnoException;
  const where = `${addr.includes(':') ? `[${addr}]` : addr}:${port}`;
  if (code === 'EADDRINUSE') {
    const owner = await portOwner(port);
    const who = owner === undefined ? 'another program' : `${shorten(owner.command)} (pid ${owner.pid})`;
    const ours = owner?.ours ? ', another Concurrent Server' : '';
    return new ServerError('PORT_TAKEN', `Port ${where} is taken by ${who}${ours}.`, {
      hint: owner?.leftover
        ? 'It is an orphaned Concurrent Server. Use --take-over to stop it.'
        : 'Stop it, or choose another port: concurrent-server [entry] PORT (0: any free port).',
      details: { addr, port, ...(owner === undefined ? {} : { owner: { ...owner } }) },
      cause: error,
    });
  }
  if (code === 'EACCES') {
    return new ServerError('PORT_DENIED', `You have no permission to listen on ${where}.`, {
      hint: 'Ports below 1024 are usually reserved. Choose a higher one.',
      cause: error,
    });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ServerError('ADDRESS_UNAVAILABLE', `${addr} is not an address of this machine.`, {
      hint: 'Use 127.0.0.1 for this machine only, or 0.0.0.0 for all its addresses.',
      cause: error,
    });
  }
  return ServerError.from(error);
}

/** A command line can be longer than a screen; the details contain all of it. */
function shorten(command: string): string {
  return command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}…` : command;
}
