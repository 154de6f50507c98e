/** The app of the wire's model: the path of a request selects its behaviour, and the app records its requests. */
import http from 'node:http';
import net from 'node:net';

/** The app's behaviours; in each, request and answer can get out of step. */
export const BEHAVIOURS = [
  /** Reads all, then answers. */
  'read',
  /** Answers at once and reads nothing, as an upload limit or a login check does. */
  'early',
  /** Answers at once, and reads the rest when the test releases it. */
  'early-then-read',
  /** Reads all, and answers when the test releases it. */
  'late',
  /** Reads nothing before the test releases it. */
  'paused',
  /** An interim answer first (RFC 9110, 15.2). */
  'hints',
  /** Answers at once and ends the connection. */
  'close',
  /** Answers, and ends the kept connection a moment later, when the next request may be on its way. */
  'end-when-idle',
  /** Ends the connection without an answer. */
  'destroy',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** After these the connection may end although no one else ended it. */
export const ENDING: readonly Behaviour[] = ['close', 'destroy'];

export class ModelApp {
  /** Every request that any worker ran: `METHOD path` with its number. */
  readonly seen: string[] = [];
  #waiting = new Set<() => void>();
  #free = false;

  /** Releases all waiting and later requests. */
  release(): void {
    this.#free = true;
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  server(): http.Server {
    const server = http.createServer((request, response) => this.#serve(request, response));
    server.on('clientError', (_error, socket) => socket.destroy());
    return server;
  }

  /** A server with its own protocol: it answers with the number of bytes once its client has sent all. */
  rawServer(): net.Server {
    return net.createServer({ allowHalfOpen: true }, (socket) => {
      let bytes = 0;
      socket.on('error', () => {});
      socket.on('data', (data) => {
        bytes += data.length;
      });
      socket.on('end', () => socket.end(`raw ${bytes}`));
    });
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const [, behaviour, number = ''] = (request.url ?? '').split('/');
    this.seen.push(`${request.method} ${request.url}`);
    let bytes = 0;
    const read = (then: () => void): void => {
      request.on('data', (data: Buffer) => {
        bytes += data.length;
      });
      request.on('end', then);
    };
    const answer = (): void => void response.end(`${number}:${bytes}`);
    request.on('error', () => {});
    switch (behaviour as Behaviour) {
      case 'early':
        answer();
        return;
      case 'early-then-read':
        response.end(`${number}:0`);
        request.pause();
        this.#whenFree(() => request.resume());
        return;
      case 'late':
        read(() => this.#whenFree(answer));
        return;
      case 'paused':
        this.#whenFree(() => read(answer));
        return;
      case 'hints':
        response.writeEarlyHints({ link: '</a.css>; rel=preload' });
        read(answer);
        return;
      case 'close':
        response.setHeader('Connection', 'close');
        answer();
        return;
      case 'end-when-idle':
        read(() => {
          answer();
          setImmediate(() => request.socket.end());
        });
        return;
      case 'destroy':
        request.socket.destroy();
        return;
      default:
        read(answer);
    }
  }

  #whenFree(go: () => void): void {
    if (this.#free) go();
    else this.#waiting.add(go);
  }
}
