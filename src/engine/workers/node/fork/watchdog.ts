/**
 * A thread beside the app in a fork worker. It does two things that must work while the app's event loop is blocked:
 * when the server process has ended, in whatever way, it ends the worker and what the worker started. And it takes back
 * requests that the app has not started (see wire/claims.ts).
 */
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { workerData } from 'node:worker_threads';
import { taskkillPath } from '../../../../common/windows-tools.ts';
import { revoke } from '../../../../wire/claims.ts';
import { REVOKE_BYTES, REVOKED_BYTES, WATCHDOG_FD, type WatchdogData } from './boot-data.ts';

const { claims } = workerData as WatchdogData;
const pipe = new net.Socket({ fd: WATCHDOG_FD, readable: true, writable: true });
let rest: Buffer = Buffer.alloc(0);

pipe.on('data', (chunk: Buffer) => {
  const bytes = Buffer.concat([rest, chunk]);
  let at = 0;
  for (; bytes.length - at >= REVOKE_BYTES; at += REVOKE_BYTES) {
    const slot = bytes.readUInt32LE(at + 4);
    const answer = Buffer.alloc(REVOKED_BYTES);
    answer.writeUInt32LE(slot, 0);
    answer[4] = revoke(claims, slot, bytes.readUInt32LE(at)) ? 1 : 0;
    pipe.write(answer);
  }
  rest = bytes.subarray(at);
});
pipe.on('error', endWorker);
pipe.on('close', endWorker);

function endWorker(): void {
  if (process.platform === 'win32') {
    spawnSync(taskkillPath(), ['/PID', String(process.pid), '/T', '/F'], { windowsHide: true });
  } else {
    try {
      // The worker leads its own process group, which contains all its descendants that did not leave it.
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      // It is not a group leader: somebody started it by hand.
    }
  }
  process.kill(process.pid, 'SIGKILL');
}
