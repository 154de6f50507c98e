/**
 * The cases of bench:races. Each is a folder of `cases/` with an app, as its developer would write it, and `race.http`.
 *
 * - `kind`: what a finding may be called, the expected one first; correct cases have none (`notes`: kinds that may be notes)
 * - `topology`: where the race is: `one` worker with requests interleaved, several (`many`), or `both`
 * - `args`: further arguments of `races`; `needs`: services whose addresses are in DATABASE_URL or REDIS_URL
 * - `from`: the public report that a case is rebuilt from, in our own words and code
 * - `inTests`: needs no package beyond those that the repository has for its own tests; `npm test` runs it
 */
const RACY = [
  {
    name: 'coupon-await',
    about: 'Express: a coupon is checked, a price list is read, and then the coupon is used up.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'one',
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
    name: 'guestbook-json',
    about: 'Koa, a class, fs.promises: a JSON file is read, changed and written.',
    kind: ['wrong-state'],
    topology: 'both',
    args: ['--state', 'data'],
    inTests: true,
  },
  {
    name: 'poll-callbacks',
    about:
      'node:http in the style of 2012: a text file of counts is opened, read and written by named callbacks.',
    kind: ['wrong-state'],
    topology: 'both',
    args: ['--state', 'votes.txt'],
  },
  {
    name: 'slug-check',
    about: 'Express, ESM: a name is free if its file is not there; then the file is written.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'pages'],
  },
  {
    name: 'profile-atomic-write',
    about: 'Fastify: an atomic write whose temporary file has the name of the process, not of the call.',
    kind: ['error-only', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'data'],
    from: 'apmantza/pi-lens#1205 https://github.com/apmantza/pi-lens/issues/1205',
  },
  {
    name: 'export-scratch',
    about: 'Express, only synchronous calls: all workers write their export into one scratch file.',
    kind: ['other-users-data', 'wrong-state'],
    topology: 'many',
    args: ['--state', 'tmp'],
  },
  {
    name: 'visits-sync',
    about: 'node:http, only synchronous calls: two workers count visits in one file.',
    kind: ['wrong-state', 'error-only'],
    topology: 'many',
    args: ['--state', 'data'],
    inTests: true,
  },
  {
    name: 'lowdb-tasks',
    about: 'lowdb, Koa with a router, ESM: each request reads, changes and writes the database.',
    kind: ['wrong-state'],
    topology: 'both',
    args: ['--state', 'db.json'],
    from: 'typicode/lowdb#478 https://github.com/typicode/lowdb/issues/478',
  },
  {
    name: 'upload-original-name',
    about: 'multer: uploads are stored under the names that their senders gave, until they are read.',
    kind: ['other-users-data', 'wrong-state', 'error-only'],
    topology: 'one',
    from: 'nvxdm/nestjs-form-data#16 https://github.com/nvxdm/nestjs-form-data/issues/16',
  },
  {
    name: 'csv-import',
    about:
      'node:http, async iterators: one parser for all uploads, which start while another is still being received.',
    kind: ['other-users-data', 'wrong-state'],
    topology: 'one',
  },
  {
    name: 'points-sqlite3',
    about:
      'sqlite3 with callbacks: points are selected, compared in the app, and updated to a value of the app.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'points.db'],
  },
  {
    name: 'shared-transaction',
    about: 'sqlite3 behind promises: transactions of all requests run on the one connection.',
    kind: ['error-only', 'wrong-state'],
    topology: 'one',
    args: ['--state', 'board.db', '--topology', 'one'],
    from: 'TryGhost/node-sqlite3#1761 https://github.com/TryGhost/node-sqlite3/issues/1761',
  },
  {
    name: 'tickets-mail',
    about: 'better-sqlite3 and Koa: synchronous queries with the await of a mail between count and insert.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'tickets.db', '--state', 'outbox.txt'],
  },
  {
    name: 'stock-workers',
    about: 'better-sqlite3 in several workers: read and write are two statements outside of a transaction.',
    kind: ['wrong-state', 'double-effect'],
    topology: 'many',
    args: ['--state', 'stock.db', '--state', 'stock.db-wal', '--state', 'stock.db-shm'],
  },
  {
    name: 'likes-node-sqlite',
    about: 'node:sqlite: the number of likes is read before a slow hash, and told after it.',
    kind: ['wrong-state'],
    topology: 'both',
    args: ['--state', 'likes.db'],
    minNode: [22, 13],
  },
  {
    name: 'find-or-create',
    about: 'Sequelize with SQLite, promise chains: find, and create if nothing was found.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'var'],
    from: 'sequelize/sequelize#3931 https://github.com/sequelize/sequelize/issues/3931',
  },
  {
    name: 'relation-order',
    about: 'Knex with sqlite3: the next position is the greatest one plus one.',
    kind: ['wrong-state'],
    topology: 'both',
    args: ['--state', 'playlist.sqlite3'],
    from: 'strapi/strapi#15558 https://github.com/strapi/strapi/issues/15558',
  },
  {
    name: 'account-pg',
    about: 'pg with promise chains: a balance is selected, changed in the app, and updated to the new value.',
    kind: ['wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qf reset.sql'],
  },
  {
    name: 'gift-card-pg',
    about:
      'pg, a class, Koa: sum and insert are in one transaction, but nothing keeps a second one from the same sum.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "DELETE FROM payments"'],
  },
  {
    name: 'redeem-code-pg',
    about:
      'pg and Fastify: the uses of a code are read, a purchase is inserted, and the uses are set to what was read plus one.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    from: 'Ixotic27/The-Leetcode-City#162 https://github.com/Ixotic27/The-Leetcode-City/issues/162',
  },
  {
    name: 'booking-limit-nest',
    about:
      'Nest in TypeScript (ts-node) with pg: bookings are counted in one service and inserted in another one.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    from: 'calcom/cal.diy#29605 https://github.com/calcom/cal.diy/issues/29605',
  },
  {
    name: 'signup-pg',
    about:
      'Hono in TypeScript (tsx watch), ESM, pg: an address is looked up, a password hashed, and an account inserted.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qf reset.sql'],
  },
  {
    name: 'ratelimiter-redis',
    about: 'ioredis with callbacks and a prototype: a count is got, and set to what was got plus one.',
    kind: ['wrong-state', 'double-effect'],
    topology: 'both',
    needs: ['redis'],
    args: ['--reset', 'redis-cli -u "$REDIS_URL" flushdb'],
    from: 'tj/node-ratelimiter#6 https://github.com/tj/node-ratelimiter/issues/6',
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
    name: 'album-mkdir',
    about:
      'node:http with callbacks: a folder that is not there is made; if another request was faster, the process dies.',
    kind: ['crash', 'error-only', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'albums'],
    from: 'jonvuri/mkpath#1 https://github.com/jonvuri/mkpath/issues/1',
  },
  {
    name: 'newsletter-later',
    about: 'Fastify, an EventEmitter and zlib: the answer comes first, and the list is changed later.',
    kind: ['wrong-state'],
    topology: 'one',
  },
  {
    name: 'refresh-rotation',
    about:
      'TypeORM in TypeScript (ts-node) with better-sqlite3: a refresh token is looked up, a new one issued, the old one revoked.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "DELETE FROM refresh_token"'],
    from: 'nirholas/three.ws#6 https://github.com/nirholas/three.ws/pull/6',
  },
  {
    name: 'webhook-drizzle',
    about: 'Drizzle with pg, ESM: an event is looked up by its id, and an order is inserted if it is new.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "DELETE FROM orders"'],
    from: 'janavipandole/Cara#2753 https://github.com/janavipandole/Cara/issues/2753',
  },
  {
    name: 'deadlock-pg',
    about: 'pg and Koa: two transactions lock two rows in opposite orders, and PostgreSQL ends one of them.',
    kind: ['error-only', 'wrong-state'],
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "UPDATE purses SET coins = 10"'],
  },
];

const CORRECT = [
  {
    name: 'settled-await',
    about:
      'Express, a class: between read and write there are only awaits of settled promises, which continue in the same turn.',
    topology: 'one',
    notes: ['state-per-process'],
    inTests: true,
  },
  {
    name: 'next-tick',
    about:
      'node:http with callbacks: between read and write there are only process.nextTick and queueMicrotask.',
    topology: 'one',
    notes: ['state-per-process'],
    inTests: true,
  },
  {
    name: 'take-a-number',
    about:
      'Knex with better-sqlite3: awaited queries that never yield. In one worker they can not interleave.',
    topology: 'one',
    args: ['--state', 'numbers.sqlite3', '--topology', 'one'],
  },
  {
    name: 'mutex-vouchers',
    about: 'Koa, ESM: async-mutex holds the second request back while the first one reads a file.',
    topology: 'one',
    notes: ['state-per-process'],
  },
  {
    name: 'import-busy',
    about: 'Fastify: a flag that is set without an await turns the second request away with 409.',
    topology: 'one',
    notes: ['busy', 'state-per-process'],
    inTests: true,
  },
  {
    name: 'promise-queue',
    about: 'Express: a JSON file is changed by one caller after the other, in a chain of promises.',
    topology: 'one',
    args: ['--state', 'data', '--topology', 'one'],
  },
  {
    name: 'idempotency-keys',
    about: 'Koa: requests with one key await one payment; references and dates differ from run to run.',
    topology: 'one',
    notes: ['state-per-process'],
  },
  {
    name: 'oauth-locals',
    about:
      'Express and fetch: the answers of another service are kept in local variables, so no request sees those of another.',
    topology: 'one',
    from: 'nodejs/help#3151 https://github.com/nodejs/help/issues/3151',
  },
  {
    name: 'inflight-dedupe',
    about: 'Express in TypeScript (tsx): callers that come while a value is being loaded share the load.',
    topology: 'one',
    notes: ['state-per-process'],
    from: 'c2siorg/Webiu#532 https://github.com/c2siorg/Webiu/pull/532',
  },
  {
    name: 'user-in-context',
    about:
      'Hono as a fetch handler: the user is kept in an AsyncLocalStorage, not in a variable of the module.',
    topology: 'one',
  },
  {
    name: 'seats-for-update',
    about:
      'Fastify in TypeScript (tsx) with pg: the seats are counted under a lock on the row of their booking.',
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "DELETE FROM seats"'],
    from: 'calcom/cal.diy#27389 https://github.com/calcom/cal.diy/pull/27389',
  },
  {
    name: 'stock-atomic-pg',
    about:
      'pg with promise chains: a price is read first, and the stock is changed by one conditional update.',
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "UPDATE articles SET stock = 3"'],
  },
  {
    name: 'revenue-on-conflict',
    about:
      'Koa with pg: ON CONFLICT DO NOTHING books an event once; serial ids and dates differ from run to run.',
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "DELETE FROM revenue_entries"'],
    from: 'Ayushh-Sharmaa/NexaSphere#3848 https://github.com/Ayushh-Sharmaa/NexaSphere/pull/3848',
  },
  {
    name: 'quota-redis-multi',
    about: 'Fastify with ioredis: SET NX and INCR in one MULTI, which a report took for a race at first.',
    topology: 'both',
    needs: ['redis'],
    args: ['--reset', 'redis-cli -u "$REDIS_URL" flushdb'],
    from: 'tj/node-ratelimiter#19 https://github.com/tj/node-ratelimiter/issues/19',
  },
  {
    name: 'optimistic-sequelize',
    about: 'Sequelize with pg and optimistic locking: who comes too late is turned away with 409.',
    topology: 'both',
    notes: ['busy'],
    needs: ['postgres'],
  },
  {
    name: 'dataloader-yoga',
    about: 'GraphQL Yoga with DataLoader: batches and a cache for each request.',
    topology: 'one',
  },
  {
    name: 'points-transaction-mutex',
    about: 'sqlite3 behind promises: transactions on the one connection take turns by async-mutex.',
    topology: 'both',
    args: ['--state', 'tracks.db'],
    from: 'WebReflection/sqlite-tag#1 https://github.com/WebReflection/sqlite-tag/issues/1',
  },
  {
    name: 'votes-transaction',
    about:
      'better-sqlite3 in several workers, Hono as a fetch handler: read and write are one immediate transaction.',
    topology: 'many',
    args: ['--state', 'votes.db'],
  },
  {
    name: 'claim-exclusive',
    about: 'Express with callbacks: a file is opened with wx, which looks and makes in one step.',
    topology: 'both',
    args: ['--state', 'claims'],
  },
  {
    name: 'audit-append',
    about: 'node:http, an async iterator: lines are appended, which the system keeps apart.',
    topology: 'both',
    args: ['--state', 'log'],
  },
  {
    name: 'print-queue',
    about: 'Fastify, ESM: p-queue runs one job after the other, with a timer between read and write.',
    topology: 'one',
    notes: ['state-per-process'],
  },
  {
    name: 'desk-advisory-lock',
    about: 'Knex with pg in TypeScript (ts-node): count and insert under an advisory lock of the user.',
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -qc "DELETE FROM bookings"'],
    from: 'seatsurfing/seatsurfing#2632 https://github.com/seatsurfing/seatsurfing/pull/2632',
  },
];

export const CASES = [
  ...RACY.map((subject) => ({ ...subject, racy: true })),
  ...CORRECT.map((subject) => ({ ...subject, racy: false })),
];
