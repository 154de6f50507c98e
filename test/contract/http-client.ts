/** A client for tests that check answers, not framing: one connection per request unless an agent is given. */
import http from 'node:http';
import net from 'node:net';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  trailers: NodeJS.Dict<string>;
  text: string;
  /** Number of the worker, from Server-Timing; 0 if none answered. */
  worker: number;
  /** From the call to the last byte, in ms. */
  ms: number;
}

export interface AskOptions {
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
  agent?: http.Agent;
}

/** Sends a request and reads the whole answer. Rejects if it is cut off, or does not come within 15 s. */
export function ask(url: string, options: AskOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, agent } = options;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      headers,
      agent: agent ?? false,
      signal: AbortSignal.timeout(30_000),
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          trailers: response.trailers,
          text: Buffer.concat(chunks).toString(),
          worker: Number(timing(response.headers, 'worker').desc ?? 0),
          ms: performance.now() - startedAt,
        });
      });
    });
    request.end(body);
  });
}

/** The parameters of one metric of `Server-Timing`. */
export function timing(headers: http.IncomingHttpHeaders, name: string): Record<string, string> {
  const value = [headers['server-timing'] ?? ''].flat().join(', ');
  for (const metric of value.split(',')) {
    const [key = '', ...parameters] = metric.trim().split(';');
    if (key !== name) continue;
    return Object.fromEntries(
      parameters.map((parameter) => {
        const [field = '', content = ''] = parameter.split('=');
        return [field, content.replaceAll('"', '')];
      }),
    );
  }
  return {};
}

/** Opens a connection to the server at `url`. Errors show only as `close`. */
export function connect(url: string): Promise<net.Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}
