/** Cases without a race. ../cases.mjs explains the fields. */
export const CORRECT = [
  {
    name: 'settled-await',
    about:
      'Express, a class: between read and write there are only awaits of settled promises, which continue in the same turn.',
    topology: 'one',
    repeat: 20,
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
    repeat: 20,
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
    repeat: 20,
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -qf reset.sql'],
    from: 'calcom/cal.diy#27389 https://github.com/calcom/cal.diy/pull/27389',
  },
  {
    name: 'stock-atomic-pg',
    about:
      'pg with promise chains: a price is read first, and the stock is changed by one conditional update.',
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -qf reset.sql'],
  },
  {
    name: 'revenue-on-conflict',
    about:
      'Koa with pg: ON CONFLICT DO NOTHING books an event once; serial ids and dates differ from run to run.',
    topology: 'both',
    needs: ['postgres'],
    args: ['--reset', 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -qf reset.sql'],
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
    args: ['--reset', 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -qf reset.sql'],
    from: 'seatsurfing/seatsurfing#2632 https://github.com/seatsurfing/seatsurfing/pull/2632',
  },
];
