/** Why the address could not be bound, in words a person can act on. */
import { ServerError } from '../../../protocol/errors.ts';
import { portOwner } from '../../process/orphans/port-owner.ts';

const MAX_COMMAND = 120;

export async function listenError(error: unknown, addr: string, port: number): Promise<ServerError> {
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

/** A command line can be longer than a screen; the whole of it is in the details. */
function shorten(command: string): string {
  return command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}…` : command;
}
