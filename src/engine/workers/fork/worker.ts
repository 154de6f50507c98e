/** The worker's half of fork mode, preloaded before the app in a process of its own. */
import net from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { createClaims } from '../../../protocol/claims.ts';
import { boot } from '../node/boot.ts';
import { WorkerLink } from '../node/worker-link.ts';
import { BOOT_VARIABLE, type ForkBootData, type WatchdogData, WIRE_FD } from './boot-data.ts';

const variable = process.env[BOOT_VARIABLE];
if (variable !== undefined) {
  delete process.env[BOOT_VARIABLE];
  const data = JSON.parse(variable) as ForkBootData;
  const claims = createClaims();
  const watchdogData: WatchdogData = { claims };
  // Outside this event loop, so that it works while the app is stuck; see watchdog.ts.
  new Worker(path.join(__dirname, 'watchdog.js'), {
    workerData: watchdogData,
    execArgv: [],
    env: {},
  }).unref();

  const socket = new net.Socket({ fd: WIRE_FD, readable: true, writable: true });
  const link = new WorkerLink(
    { send: (bytes) => socket.write(bytes), ref: () => socket.ref(), unref: () => socket.unref() },
    claims,
  );
  socket.on('data', (bytes: Buffer) => link.feed(bytes));
  // The watchdog decides what the end of the wire means; without a listener an error would be the app's.
  socket.on('error', () => {});
  socket.unref();
  boot(link, {
    entry: data.entry,
    ownOutput: true,
    memory: () => process.memoryUsage.rss(),
    shutdown: () => {
      // A real signal where there are any; Windows has none, so the handlers are called.
      if (process.platform !== 'win32') process.kill(process.pid, 'SIGTERM');
      else if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0);
    },
  });
}
