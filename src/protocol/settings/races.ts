/** Settings that bring races out: random delay and overlap. */
import { ROUTE } from './rules.ts';
import type { Settings } from './setting.ts';

const MAX_DELAY_MS = 60_000;
/** Most requests that are collected for one overlap. */
const MAX_OVERLAP = 1000;
/** The range of the 2009 server, in ms. */
const DELAY = { min: 0, max: 333 } as const;
const OVERLAP_MS = 150;

export const RACE_SETTINGS = {
  'randomDelay.enabled': {
    type: 'boolean',
    group: 'randomDelay',
    takesEffect: 'at once',
    default: false,
    words:
      'Delay each request by a random time before it reaches the app, so that races show. The switch in the status bar ' +
      'changes it for the session. See also {randomDelay.min} and {randomDelay.max}.',
    cli: {
      flag: '--random-delay [min-max]',
      help: `random delay of each request, in ms (${DELAY.min}-${DELAY.max})`,
      namesDefault: true,
      about:
        `Delay each request by a random time, in ms. Without a range it is ${DELAY.min}-${DELAY.max}. \`off\` overrides ` +
        'an app whose own settings turn the delay on.',
    },
    vscode: {},
    django: 'CONCURRENT_RANDOM_DELAY',
  },
  'randomDelay.min': {
    type: 'integer',
    group: 'randomDelay',
    takesEffect: 'at once',
    min: 0,
    max: MAX_DELAY_MS,
    default: DELAY.min,
    words: 'The shortest delay, in ms.',
    cli: { label: '--random-delay' },
    vscode: {},
  },
  'randomDelay.max': {
    type: 'integer',
    group: 'randomDelay',
    takesEffect: 'at once',
    min: 0,
    max: MAX_DELAY_MS,
    default: DELAY.max,
    words: 'The longest delay, in ms.',
    cli: { label: '--random-delay' },
    vscode: {},
  },
  'randomDelay.routes': {
    type: 'list',
    group: 'randomDelay',
    takesEffect: 'at once',
    default: [],
    ...ROUTE,
    words: 'Delay only requests to these routes, for example `POST /cart/**`. If empty, all requests.',
    cli: {
      flag: '--delay-routes <glob>',
      help: 'delay only these routes; repeat, or use commas',
      commas: true,
      about:
        "Delay only requests to these routes, for example `'POST /cart/**'`. Repeat the option, or use commas. It turns " +
        'the delay on.',
    },
    vscode: {},
  },
  seed: {
    type: 'integer',
    group: 'randomDelay',
    takesEffect: 'at once',
    min: 0,
    max: 0xffff_ffff,
    default: { words: 'a new one at each start', of: ({ seed }) => seed },
    words:
      'The seed of the random delays: the same seed gives the same delays. If empty, each start picks a new seed and ' +
      'logs it.',
    cli: {
      flag: '--seed <n>',
      help: 'repeat the random decisions of an earlier run',
      namesDefault: true,
      about:
        'The seed of the random decisions: the same seed gives the same decisions. Each start prints its seed.',
    },
    vscode: { name: 'randomDelay.seed' },
  },
  'overlap.size': {
    type: 'integer',
    group: 'overlap',
    takesEffect: 'at once',
    min: 0,
    max: MAX_OVERLAP,
    rule: { fits: (size) => size !== 1, allowed: `0 (off), or a whole number from 2 to ${MAX_OVERLAP}` },
    default: 0,
    words:
      'Hold matching requests until this many have arrived, then release them together. 0 means off. See also ' +
      '{overlap.maxMs} and {overlap.routes}.',
    cli: {
      flag: '--overlap <n,ms>',
      help: `release n requests together, or after ms (${OVERLAP_MS})`,
      namesDefault: true,
      about:
        `Hold matching requests until n have arrived, then release them together. 0 is off. After ms (${OVERLAP_MS} unless ` +
        'given) those that have arrived are released.',
    },
    vscode: {},
  },
  'overlap.maxMs': {
    type: 'integer',
    group: 'overlap',
    takesEffect: 'at once',
    min: 0,
    max: MAX_DELAY_MS,
    default: OVERLAP_MS,
    words: 'The longest time that a request is held for others to overlap with, in ms.',
    cli: { label: '--overlap N,MAXMS' },
    vscode: {},
  },
  'overlap.routes': {
    type: 'list',
    group: 'overlap',
    takesEffect: 'at once',
    default: [],
    ...ROUTE,
    words:
      'Requests to any of these routes overlap with each other. If empty, only requests to the same route overlap.',
    cli: {
      flag: '--overlap-routes <glob>',
      help: 'let different routes overlap with each other',
      commas: true,
      about:
        'Requests to any of these routes overlap with each other; otherwise only requests to the same route do. Repeat ' +
        'the option, or use commas.',
    },
    vscode: {},
  },
} as const satisfies Settings;
