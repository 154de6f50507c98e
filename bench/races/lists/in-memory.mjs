/** Racy cases whose state is in memory or in sessions. ../cases.mjs explains the fields. */
export const IN_MEMORY = [
  {
    name: 'coupon-await',
    about: 'Express: a coupon is checked, a price list is read, and then the coupon is used up.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'one',
    repeat: 20,
    inTests: true,
  },
  {
    name: 'wallet-exchange',
    about: 'Fastify: a balance is read, another service is asked by fetch, and the balance is written back.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'one',
  },
  {
    name: 'inventory-koa',
    about:
      'Koa with promise chains: the stock is read before a voucher is checked by pbkdf2, and written after it.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'one',
    repeat: 20,
  },
  {
    name: 'rate-limit-hono',
    about:
      'Hono as a fetch handler: a middleware reads the count of calls before the handler and writes it after.',
    kind: ['wrong-state', 'double-effect'],
    topology: 'one',
    inTests: true,
  },
  {
    name: 'invoice-numbers',
    about: 'node:http, streams and events: the last number is noted when its file is written.',
    kind: ['wrong-state', 'double-effect'],
    topology: 'one',
  },
  {
    name: 'weather-stampede',
    about: 'Express: a cache that keeps values, not promises, asks a billed service twice.',
    kind: ['extra-work', 'wrong-state', 'double-effect'],
    topology: 'one',
    from: 'jaredwray/cacheable#888 https://github.com/jaredwray/cacheable/issues/888',
  },
  {
    name: 'session-in-module',
    about: 'express-session: a variable of the module has the session of the last request, whoever sent it.',
    kind: ['other-users-data', 'wrong-state'],
    topology: 'one',
    repeat: 20,
    from: 'expressjs/session#917 https://github.com/expressjs/session/issues/917',
  },
  {
    name: 'locale-in-module',
    about: 'Fastify with callbacks: a variable of the module has the language of the last request.',
    kind: ['other-users-data', 'wrong-state'],
    topology: 'one',
    inTests: true,
    from: 'mashpie/i18n-node#4 https://github.com/mashpie/i18n-node/issues/4',
  },
  {
    name: 'cart-session',
    about: 'express-session in memory: two requests of one session each save the whole session.',
    kind: ['wrong-state'],
    topology: 'one',
  },
  {
    name: 'cookie-wizard',
    about:
      'cookie-session: the state is in the cookie, so requests sent together all start from the old one.',
    kind: ['wrong-state'],
    topology: 'one',
  },
  {
    name: 'fastify-session-overlap',
    about:
      '@fastify/session, ESM, async iterators: overlapping requests have copies of the session, and the last one stays.',
    kind: ['wrong-state'],
    topology: 'one',
    from: 'SerayaEryn/fastify-session#237 https://github.com/SerayaEryn/fastify-session/issues/237',
  },
  {
    name: 'session-touch',
    about:
      'express-session with files: the touch at the end of a slow request writes the session back that a logout has removed.',
    kind: ['wrong-state', 'other-users-data'],
    topology: 'both',
    args: ['--state', 'data'],
    from: 'valery-barysok/session-file-store#55 https://github.com/valery-barysok/session-file-store/pull/55',
  },
  {
    name: 'csv-import',
    about:
      'node:http, async iterators: one parser for all uploads, which start while another is still being received.',
    kind: ['other-users-data', 'wrong-state'],
    topology: 'one',
  },
  {
    name: 'graphql-auction',
    about:
      'graphql-http, async generators: a lower bid replaces a higher one that came in while a list was looked through.',
    kind: ['wrong-state', 'double-effect'],
    topology: 'one',
  },
  {
    name: 'login-redirect',
    about:
      'express-session with sqlite3: a browser follows the redirect when it has the headers, before the session is saved.',
    kind: ['wrong-state'],
    topology: 'one',
    args: ['--state', 'sessions'],
    from: 'expressjs/session#360 https://github.com/expressjs/session/issues/360',
  },
  {
    name: 'newsletter-later',
    about: 'Fastify, an EventEmitter and zlib: the answer comes first, and the list is changed later.',
    kind: ['wrong-state'],
    topology: 'one',
  },
];
