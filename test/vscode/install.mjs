/** Puts a real VS Code, with its web workbench, into .vscode-test. Does nothing when it is there. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** The npm package that carries VS Code's server. */
export const VSCODE_PACKAGE = 'code-server@4.139.1';
const folder = path.resolve('.vscode-test', 'code-server');
const server = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
/** Written last, so that an interrupted installation is repeated. */
const marker = path.join(folder, `installed-${VSCODE_PACKAGE}`);

/** Folder of VS Code's server. */
export function installVscode() {
  if (!fs.existsSync(marker)) download();
  fs.copyFileSync(
    path.resolve('test', 'vscode', 'log-writer.cjs'),
    path.join(server, 'node_modules', '@vscode', 'spdlog', 'index.js'),
  );
  return server;
}

function download() {
  console.error(
    `The extension's tests run in a real VS Code. Installing ${VSCODE_PACKAGE} into .vscode-test, about 400 MB …`,
  );
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  // Its install script compiles what is not needed here, so no scripts are run.
  npm(['install', '--ignore-scripts', VSCODE_PACKAGE], folder);
  npm(['install', '--omit=dev', '--ignore-scripts'], server);
  fs.writeFileSync(marker, '');
}

/** As Debian calls them. The first can show no window, and computes 7 % less. */
const BROWSERS = ['chromium-headless-shell', 'chromium'];

/** A Chromium of this machine; installed for the whole system where apt-get can, as root. */
export function findChromium() {
  const found = browserOnPath();
  if (found !== undefined) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    console.error(
      "The extension's tests show VS Code in a browser, and there is none. Installing Chromium for the whole system by apt-get; to use another one, set CHROMIUM …",
    );
    const options = { stdio: ['ignore', 'ignore', 'inherit'] };
    spawnSync('apt-get', ['update', '-qq'], options);
    for (const name of BROWSERS) {
      if (browserOnPath() === undefined)
        spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
    }
  }
  const installed = browserOnPath();
  if (installed !== undefined) return installed;
  throw new Error('The tests in VS Code need Chromium: install it, or name it in the variable CHROMIUM.');
}

function browserOnPath() {
  const names = [...BROWSERS, 'chromium-browser', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = names.flatMap((name) => folders.map((dir) => path.join(dir, name)));
  return [process.env.CHROMIUM, ...candidates].find((file) => file && fs.existsSync(file));
}

function npm(args, cwd) {
  const { npm_execpath: script } = process.env;
  const [file, first] = script ? [process.execPath, [script]] : ['npm', []];
  const { status } = spawnSync(file, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: !script && process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}; see above.`);
}
