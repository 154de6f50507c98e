/** Settings of the app and of its public address. */
import { ABSOLUTE_PATH, ADDRESS, ALLOWED_HOST } from './rules.ts';
import type { Settings } from './setting.ts';

export const APP_SETTINGS = {
  entry: {
    type: 'text',
    group: 'app',
    takesEffect: 'next start',
    words:
      'The app to run: a file, or for Python also `module:attribute` or `module:create_app()`. A relative path starts ' +
      'at {cwd}. If empty, the server finds the app: manage.py, package.json, or a file such as server.js or app.py.',
    cli: { label: 'entry' },
    vscode: { restricted: true },
  },
  cwd: {
    type: 'text',
    group: 'app',
    takesEffect: 'next start',
    default: { words: 'the current folder', of: ({ cwd }) => cwd },
    rule: ABSOLUTE_PATH,
    words:
      'The folder that the app runs in. A relative path starts at the workspace folder. If empty, the workspace folder.',
    cli: {
      flag: '--cwd <folder>',
      help: 'folder the app runs in (default: current)',
      namesDefault: true,
      about: 'The folder that the app runs in.',
    },
    vscode: { restricted: true },
  },
  args: {
    type: 'list',
    group: 'app',
    takesEffect: 'next start',
    default: [],
    allowed: 'a text',
    words: 'Arguments for the app.',
    cli: { label: '-- arguments' },
    vscode: { restricted: true },
  },
  env: {
    type: 'map',
    group: 'app',
    takesEffect: 'next start',
    default: {},
    words: 'Environment variables for the app. They override those in {envFile}.',
    vscode: { restricted: true },
  },
  envFile: {
    type: 'text',
    group: 'app',
    takesEffect: 'next start',
    words:
      'A file with environment variables for the app, such as `.env`. A relative path starts at {cwd}. Variables that ' +
      'are already set win.',
    cli: {
      flag: '--env-file <file>',
      help: 'variables for the app; those already set win',
      about:
        'A file with environment variables for the app. A relative path starts at the current folder. Variables that ' +
        'are already set win.',
    },
    vscode: { restricted: true },
  },
  addr: {
    type: 'text',
    group: 'address',
    takesEffect: 'next start',
    default: '127.0.0.1',
    rule: ADDRESS,
    words:
      'The address to listen on. `localhost`, or no setting, means this machine only, at 127.0.0.1 and ::1. ' +
      '`0.0.0.0` means every address of this machine. See also {port} and {allowedHosts}.',
    cli: { label: 'address' },
    vscode: { restricted: true },
    django: 'RUNSERVER_DEFAULT_ADDR',
  },
  port: {
    type: 'integer',
    group: 'address',
    takesEffect: 'next start',
    min: 0,
    max: 65_535,
    default: 8000,
    words: 'The port to listen on. 0 picks a free port. See also {addr}.',
    cli: { label: 'port' },
    vscode: { restricted: true },
    django: 'RUNSERVER_DEFAULT_PORT',
  },
  allowedHosts: {
    type: 'list',
    group: 'address',
    takesEffect: 'next start',
    default: [],
    ...ALLOWED_HOST,
    words:
      'More host names that requests may use: `my.test`, or `.my.test` for every name below it. Loopback names are ' +
      'always allowed.',
    cli: {
      flag: '--allowed-host <name>',
      help: 'allow this host name; .x.test: all below it',
      about:
        'A further host name that requests may use: `my.test`, or `.my.test` for every name below it. Repeat the ' +
        'option for more.',
    },
    vscode: { restricted: true },
  },
  takeOver: {
    type: 'boolean',
    group: 'address',
    takesEffect: 'next start',
    default: false,
    words: 'If an orphaned Concurrent Server holds the port, stop it first.',
    cli: { flag: '--take-over', help: 'first stop an orphaned server on the port' },
  },
} as const satisfies Settings;
