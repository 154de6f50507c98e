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
    inTests: true,
  },
  {
    name: 'inventory-koa',
    about:
      'Koa with promise chains: the stock is read before a voucher is checked by pbkdf2, and written after it.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'one',
    inTests: true,
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
];

const CORRECT = [];

export const CASES = [
  ...RACY.map((subject) => ({ ...subject, racy: true })),
  ...CORRECT.map((subject) => ({ ...subject, racy: false })),
];
