/** Where servers write down what they started: a folder of this user, a file a server (see engine/process/ledger.ts). */
import os from 'node:os';
import path from 'node:path';

export function stateFolder(): string {
  const given = process.env.CONCURRENT_SERVER_STATE_DIR;
  if (given) return given;
  const home = os.homedir();
  if (process.platform === 'win32') {
    return path.join(process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'concurrent-server');
  }
  if (process.platform === 'darwin')
    return path.join(home, 'Library', 'Application Support', 'concurrent-server');
  return path.join(process.env.XDG_STATE_HOME || path.join(home, '.local', 'state'), 'concurrent-server');
}
