/** Binds the public address, or says who holds it; a leftover of ours makes room where that was asked for. */
import type { ServerConfig } from '../../../protocol/config.ts';
import { endLeftoverOn } from '../../process/orphans/leftovers.ts';
import { listenError } from './listen-error.ts';
import type { Listener } from './listener.ts';
import type { Listeners } from './listeners.ts';

/** How long the port of a leftover that was ended may take to be free. */
const PORT_FREE_MS = 2000;
const RETRY_MS = 20;

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
  // A process counts as dead when its first thread is; its sockets go with the last one.
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
