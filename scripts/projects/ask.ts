/** Requests and WebSockets as a browser on this machine makes them, to `localhost`. */
import http from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import type { Answer } from './answers.ts';
import type { AskedRequest, Talk } from './project.ts';

const ANSWER_MS = 20_000;
const TALK_MS = 10_000;

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether anyone listens on the port, on either of localhost's addresses. */
export async function listens(port: number): Promise<boolean> {
  const on = (host: string): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = net.connect({ port, host });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
      socket.once('connect', () => socket.destroy());
    });
  return (await on('127.0.0.1')) || (await on('::1'));
}

/** @throws Error of the connection, or if the answer takes too long */
export async function ask(port: number, asked: AskedRequest): Promise<Answer> {
  const { method = 'GET', path, headers = {}, body } = asked;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: 'localhost',
        port,
        method,
        path,
        headers: { 'user-agent': 'projects', accept: '*/*', ...headers, ...length },
        agent: false,
        timeout: ANSWER_MS,
      },
      (response) => {
        const fields = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        text(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(fields), body }),
          reject,
        );
      },
    );
    request.once('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
    request.once('error', reject);
    request.end(body);
  });
}

/** @returns `same` if each message came that was waited for, else a sentence */
export async function talkTo(port: number, { path, steps }: Talk): Promise<string> {
  const socket = new WebSocket(`ws://localhost:${port}${path}`, { origin: `http://localhost:${port}` });
  const messages: string[] = [];
  let look = (): void => {};
  socket.on('message', (data) => {
    messages.push(String(data));
    look();
  });
  const failed = new Promise<never>((_, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    setTimeout(() => reject(new Error(`silent for ${TALK_MS / 1000} s`)), TALK_MS).unref();
  });
  try {
    await Promise.race([new Promise((resolve) => socket.once('open', resolve)), failed]);
    for (const step of steps) {
      if ('send' in step) {
        socket.send(step.send);
        continue;
      }
      const seen = new Promise<void>((resolve) => {
        look = () => {
          const at = messages.findIndex((message) => message.includes(step.wait));
          if (at >= 0) {
            messages.splice(0, at + 1);
            resolve();
          }
        };
        look();
      });
      await Promise.race([seen, failed]);
    }
    return 'same';
  } catch (error) {
    return `WebSocket: ${(error as Error).message}; got ${JSON.stringify(messages).slice(0, 80)}`;
  } finally {
    failed.catch(() => {});
    socket.terminate();
  }
}
