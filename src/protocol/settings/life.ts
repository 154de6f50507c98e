/** Settings of reloads, of the start and of the end. */
import { FILES } from './rules.ts';
import type { Settings } from './setting.ts';

const RELOAD_WAIT_MS = 30_000;

export const RELOAD_SETTINGS = {
  'reload.enabled': {
    type: 'boolean',
    group: 'reload',
    takesEffect: 'at once',
    default: true,
    words:
      'Reload the app when a file that it loaded changes. Requests wait for the new code. See also {reload.watch}.',
    cli: {
      flag: '--no-reload',
      help: 'do not reload the app when its files change',
      about: 'Do not reload the app when a file that it loaded changes.',
    },
    vscode: {},
  },
  'reload.watch': {
    type: 'list',
    group: 'reload',
    takesEffect: 'at once',
    default: [],
    ...FILES,
    words:
      'Also reload the app when these files, folders or globs change, such as `views`. `!` before one excludes it. A ' +
      'relative path starts at {cwd}.',
    cli: {
      flag: '--watch <path>',
      help: 'also reload for these files, folders or globs',
      commas: true,
      about:
        "Also reload the app when these files, folders or globs change. `'!path'` excludes one. Repeat the option, or " +
        'use commas.',
    },
    vscode: {},
  },
  'reload.browser': {
    type: 'boolean',
    group: 'reload',
    takesEffect: 'at once',
    default: false,
    words: 'Reload the pages in browsers after the app has reloaded.',
    cli: { flag: '--reload-browser', help: 'reload pages in browsers after the app' },
    vscode: {},
  },
  'reload.debounceMs': {
    type: 'integer',
    group: 'reload',
    takesEffect: 'at once',
    min: 10,
    max: 1000,
    default: 50,
    words:
      'How long files must stay unchanged before the app reloads, in ms. More helps if a tool writes them slowly. A ' +
      'reload waits for at most 1.5 s.',
    cli: { flag: '--reload-debounce <ms>', help: 'reload once files rest this long' },
    vscode: { name: 'reload.debounce' },
  },
  'reload.waitMs': {
    type: 'integer',
    group: 'reload',
    takesEffect: 'at once',
    min: 0,
    max: 600_000,
    default: RELOAD_WAIT_MS,
    words: 'The longest time that a request waits for new code, in ms. See also {reload.late}.',
    cli: {
      flag: '--reload-wait <ms[,old]>',
      help: `wait for new code (${RELOAD_WAIT_MS}), then 503 or old code`,
      namesDefault: true,
      about:
        'The longest time that a request waits for new code, in ms. Then it is answered with 503, or, with `,old`, by ' +
        'the code from before the change.',
    },
    vscode: { name: 'reload.waitTimeout' },
  },
  'reload.late': {
    type: 'choice',
    group: 'reload',
    takesEffect: 'at once',
    choices: {
      refuse: 'It is answered with 503',
      old: 'It is served by the code from before the change',
    },
    default: 'refuse',
    words: 'What happens to a request that has waited for {reload.waitMs}.',
    cli: { label: '--reload-wait MS,old' },
    vscode: {},
  },
} as const satisfies Settings;

export const LIFE_SETTINGS = {
  autoStart: {
    type: 'boolean',
    group: 'startStop',
    takesEffect: 'next time',
    default: false,
    words: 'Start the server when the folder is opened.',
    vscode: { restricted: true },
    ofDriver: true,
  },
  openOnStart: {
    type: 'boolean',
    group: 'startStop',
    takesEffect: 'next time',
    default: false,
    words: 'Open the browser when the server has started.',
    cli: { flag: '--open', help: 'open the browser when the server is ready' },
    vscode: {},
    ofDriver: true,
  },
  stopTimeoutMs: {
    type: 'integer',
    group: 'startStop',
    takesEffect: 'next start',
    min: 0,
    max: 60_000,
    default: 2000,
    words: 'How long a stop waits for running requests, in ms.',
    cli: { flag: '--stop-timeout <ms>', help: 'wait for requests at a stop' },
    vscode: { name: 'stopTimeout' },
  },
  editorLink: {
    type: 'text',
    group: 'startStop',
    takesEffect: 'next start',
    default: 'vscode://file',
    words:
      'A link on an error page that opens a file in the editor is this text and the absolute path of the file.',
    cli: { flag: '--editor-link <prefix>', help: 'what links to files start with', hidden: true },
  },
} as const satisfies Settings;
