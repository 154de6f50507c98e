/**
 * Reads Linux's `/proc` without blocking: proc(5). Files that can't be read are empty, because processes exit at any
 * time.
 */
import fs from 'node:fs';

/** Larger than any `stat`, and than most environments and command lines. */
const CHUNK_BYTES = 8192;

export async function procPids(): Promise<number[]> {
  const names = await fs.promises.readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Callbacks rather than promises: a listing reads hundreds of files, and this takes a third of the time. */
export function readProc(pid: number, name: string): Promise<string> {
  return new Promise((resolve) => {
    fs.open(`/proc/${pid}/${name}`, 'r', (error, fd) => {
      if (error !== null) {
        resolve('');
        return;
      }
      let text = '';
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      const read = (): void => {
        fs.read(fd, buffer, 0, CHUNK_BYTES, null, (failure, bytes) => {
          if (failure === null && bytes > 0) {
            text += buffer.toString('latin1', 0, bytes);
            // Files of /proc have no length. Only a full buffer means that more may follow.
            if (bytes === CHUNK_BYTES) return read();
          }
          fs.close(fd, () => {});
          resolve(text);
        });
      };
      read();
    });
  });
}

export function procLink(pid: number, name: string): Promise<string> {
  return new Promise((resolve) => {
    fs.readlink(`/proc/${pid}/${name}`, (error, target) => resolve(error === null ? target : ''));
  });
}
