/** Sends one request of a trial over a connection of its own, and collects the answer. */
import http from 'node:http';
import net from 'node:net';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { RaceSite } from '../../wire/race-messages.ts';
import type { Answer } from '../types.ts';
import type { TrialFront } from './trial-front.ts';
import type { TrialWorker } from './trial-worker.ts';

/** A request as it is sent; without Host and Connection. */
export interface BuiltRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: ReadonlyArray<readonly [string, string]>;
  body: Buffer;
}

interface SendOptions {
  front: TrialFront;
  port: number;
  worker: TrialWorker;
  /** Index in the scenario. */
  index: number;
  pauses: readonly RaceSite[];
  gate: string | undefined;
  timeoutMs: number;
  /** The body follows only when this resolves. */
  beforeBody?: Promise<void>;
  /** Called with the number by which the worker's hooks name it. */
  admitted(id: number): void;
  /** The head of the final answer has come. */
  headers(headers: Answer['headers']): void;
}

/** Resolves with the answer; what goes wrong is an answer with a failure. */
export async function send(request: BuiltRequest, options: SendOptions): Promise<Answer> {
  const { front, port, worker, index, pauses, gate, admitted } = options;
  const socket = net.connect({ host: '127.0.0.1', port });
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!connected || socket.localPort === undefined) return nothing(index, 'cut');
  const { localPort } = socket;
  let died = false;
  front.expect(localPort, {
    worker,
    pauses,
    gate,
    admitted,
    finished: ({ failure }) => {
      died = failure === 'worker ended';
    },
  });
  const answer = await exchange(request, socket, options);
  front.forget(localPort);
  socket.destroy();
  return died ? nothing(index, 'died') : answer;
}

function exchange(request: BuiltRequest, socket: net.Socket, options: SendOptions): Promise<Answer> {
  const { port, index, timeoutMs, beforeBody, headers } = options;
  const { method, path, body } = request;
  return new Promise((resolve) => {
    const sent = http.request({
      method,
      path,
      createConnection: () => socket,
      headers: [
        ['Host', `127.0.0.1:${port}`],
        ...request.headers,
        ['Connection', 'close'],
      ].flat() as unknown as http.OutgoingHttpHeaders,
    });
    const timer = setTimeout(() => done(nothing(index, 'timeout')), timeoutMs);
    const done = (answer: Answer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    sent.on('error', () => done(nothing(index, 'cut')));
    sent.on('response', (response) => {
      headers(headersOf(response));
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => done(nothing(index, 'cut')));
      response.on('end', () => void readAnswer(index, response, Buffer.concat(chunks)).then(done));
    });
    if (body.length === 0) sent.end();
    else {
      sent.flushHeaders();
      void Promise.resolve(beforeBody).then(() => sent.end(body));
    }
  });
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
};

async function readAnswer(index: number, response: http.IncomingMessage, bytes: Buffer): Promise<Answer> {
  const decode = DECODERS[response.headers['content-encoding'] ?? ''];
  const plain = decode === undefined ? bytes : await decode(bytes).catch(() => bytes);
  return {
    request: index,
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: plain.toString('utf8'),
  };
}

function headersOf(response: http.IncomingMessage): Answer['headers'] {
  const headers: Array<readonly [string, string]> = [];
  for (let at = 0; at < response.rawHeaders.length; at += 2) {
    const name = response.rawHeaders[at]!;
    // Ours, and different each time.
    if (name.toLowerCase() !== 'server-timing') headers.push([name, response.rawHeaders[at + 1]!]);
  }
  return headers;
}

function nothing(request: number, failure: 'died' | 'timeout' | 'cut'): Answer {
  return { request, status: 0, headers: [], body: '', failure };
}
