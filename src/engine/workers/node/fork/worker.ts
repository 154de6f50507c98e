/** The worker's half of fork mode. Preloaded before the app, in its own process. */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';
import { createClaims } from '../../../../wire/claims.ts';
import { boot } from '../inside/boot.ts';
import { WorkerLink } from '../inside/worker-link.ts';
import {
  BOOT_VARIABLE,
  type ForkBootData,
  GO,
  IN_FD,
  OUT_FD,
  WATCHDOG_FD,
  type WatchdogData,
} from './boot-data.ts';

const variable = process.env[BOOT_VARIABLE];
// Before Node 22, the thread of Node's module hooks runs preloads as well.
if (variable !== undefined && isMainThread) {
  delete process.env[BOOT_VARIABLE];
  const data = JSON.parse(variable) as ForkBootData;
  // No code of the app, which could outlive the server, runs until the process is in the ledger.
  if (fs.readSync(WATCHDOG_FD, Buffer.alloc(GO.length)) === 0) process.exit(1);
  const claims = createClaims();
  const watchdogData: WatchdogData = { claims };
  // Outside this event loop, so that it works while the app blocks; see watchdog.ts.
  new Worker(path.join(__dirname, 'watchdog.js'), {
    workerData: watchdogData,
    execArgv: [],
    env: {},
  }).unref();

  const output = new net.Socket({ fd: OUT_FD, readable: false, writable: true });
  const input = new net.Socket({ fd: IN_FD, readable: true, writable: false });
  const link = new WorkerLink(
    { send: (bytes) => output.write(bytes), ref: () => input.ref(), unref: () => input.unref() },
    claims,
  );
  input.on('data', (bytes: Buffer) => link.feed(bytes));
  // The watchdog handles the end of the wire. Without a listener the app would get an `error` event.
  for (const socket of [input, output]) socket.on('error', () => {}).unref();
  boot(link, {
    entry: data.entry,
    output: { stdout: 1, secret: Buffer.from(data.secret, 'base64') },
    terminal: data.terminal,
    races: data.races,
    // The wire, stdout and stderr.
    isQuiet: () => {
      const active = process.getActiveResourcesInfo();
      return active.length <= 3 && active.every((resource) => resource === 'PipeWrap');
    },
    memory: () => process.memoryUsage.rss(),
    shutdown: () => {
      // Only Windows, which has no signals, uses this message; elsewhere the worker gets a real signal.
      if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0);
    },
  });
}
