/** Apps in a few lines each: what they answer, and whether it shows that a worker keeps sessions for itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sentCookies, setCookie } from '../../../src/engine/requests/cookies.ts';
import { type LostSession, LostSessions } from '../../../src/engine/requests/lost-sessions.ts';

interface Reply {
  status?: number;
  location?: string;
  set?: string[];
}

interface Ask {
  method: string;
  target: string;
  cookies: ReadonlyMap<string, string>;
  worker: number;
  /** ms */
  now: number;
}

/** @returns what a request is answered; an app is new for each run */
type App = () => (ask: Ask) => Reply;

let last = 0;
const fresh = (): string => `v${++last}`;

/** The place of what is stored: one for all workers, or one for each. */
type Place = (worker: number) => Map<string, string | undefined>;
const shared = (): Place => {
  const store = new Map<string, string | undefined>();
  return () => store;
};
const perWorker = (): Place => {
  const stores = new Map<number, Map<string, string | undefined>>();
  return (worker) => {
    const store = stores.get(worker) ?? new Map();
    stores.set(worker, store);
    return store;
  };
};

interface Form {
  forAll: boolean;
  toLogin: boolean;
  /** The session gets another name with the login. */
  renews: boolean;
}

/** A cookie names a session, which is made for everybody, or for those who log in. */
function sessions(place: () => Place, { forAll, toLogin, renews }: Form): App {
  return () => {
    const of = place();
    return ({ method, target, cookies, worker }) => {
      const store = of(worker);
      let id = cookies.get('sid') ?? '';
      const set: string[] = [];
      if (!store.has(id) && (forAll || target === '/login')) {
        id = fresh();
        store.set(id, undefined);
        set.push(`sid=${id}; Path=/; HttpOnly`);
      }
      if (target === '/login' && !renews) store.set(id, 'ann');
      else if (target === '/login') {
        store.delete(id);
        id = fresh();
        store.set(id, 'ann');
        set.splice(0, 1, `sid=${id}; Path=/; HttpOnly`);
      }
      if (target === '/logout') {
        store.delete(id);
        set.push('sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
      }
      if (method === 'POST' || target === '/logout') return { status: 302, location: '/', set };
      if (target !== '/me' || store.get(id) !== undefined) return { set };
      return toLogin ? { status: 302, location: '/login', set } : { status: 401, set };
    };
  };
}

/** All is in the cookie: a token, which ends after a while. */
const token: App =
  () =>
  ({ method, target, cookies, now }) => {
    if (method === 'POST')
      return target === '/login' ? { set: [`token=${fresh()}.${now}`] } : { set: ['token=; Max-Age=0'] };
    const madeAt = Number(cookies.get('token')?.split('.')[1] ?? Number.NEGATIVE_INFINITY);
    return target === '/me' && now - madeAt > 3_000 ? { status: 401 } : {};
  };

/** All is in the cookie, which is set again whenever that changes: here each second, and at each visit of a page. */
const inCookie: App =
  () =>
  ({ target, cookies, now }) => {
    const [user = '', second = '', visits = '0'] = (cookies.get('session') ?? '').split('.');
    const next = [
      target === '/login' ? 'ann' : target === '/logout' ? '' : user,
      `${Math.floor(now / 1_000)}`,
      target === '/' ? `${Number(visits) + 1}` : visits,
    ].join('.');
    const set = next === [user, second, visits].join('.') ? [] : [`session=${next}`];
    return target === '/me' && user === '' ? { status: 403, set } : { set };
  };

/** A cookie against forgery that is another one with each answer, one for statistics, one that is set to the same. */
const others =
  (app: App): App =>
  () => {
    const answer = app();
    return (ask) => {
      const reply = answer(ask);
      const same = ask.cookies.get('theme') ?? fresh();
      return { ...reply, set: [...(reply.set ?? []), `csrf=${fresh()}`, `theme=${same}`] };
    };
  };

/** One browser, or several with the same cookies, that does these steps; each goes to some worker. */
interface Step {
  action: 'GET /' | 'GET /me' | 'POST /login' | 'POST /logout' | 'GET /logout' | 'GET /about';
  workers: number[];
  ms: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(
    'GET /',
    'GET /me',
    'GET /me',
    'POST /login',
    'POST /logout',
    'GET /logout',
    'GET /about',
  ),
  workers: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
  ms: fc.constantFrom(1, 1, 200, 2_000, 30_000),
});

/** Requests of one step are sent together; the browser keeps what is set last. */
function browse(app: App, steps: readonly Step[]): LostSession | undefined {
  const answer = app();
  const watch = new LostSessions();
  const jar = new Map<string, string>([['_ga', 'GA1.2']]);
  let now = 1_000;
  for (const { action, workers, ms } of steps) {
    const [method = '', target = ''] = action.split(' ');
    const cookies = new Map(jar);
    for (const worker of method === 'POST' ? workers.slice(0, 1) : workers) {
      now += ms / workers.length;
      const { status = 200, location, set = [] } = answer({ method, target, cookies, worker, now });
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      const setCookies = set.length === 0 ? undefined : set;
      const head = { method, target, cookie, worker, status, location, setCookies };
      const found = watch.answered(head, now);
      if (found !== undefined) return found;
      for (const { name, value } of set.map((one) => setCookie(one)!)) {
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
    }
  }
  return undefined;
}

const script = fc.array(step, { minLength: 1, maxLength: 60 });
const either = [true, false];
const forms: Form[] = either.flatMap((forAll) =>
  either.flatMap((toLogin) => either.map((renews) => ({ forAll, toLogin, renews }))),
);

describe('nothing is said of an app whose workers share all', () => {
  const apps: Array<[string, App]> = [
    ...forms.map((form): [string, App] => [
      `sessions in a database ${JSON.stringify(form)}`,
      sessions(shared, form),
    ]),
    ['a token', token],
    ['a session in the cookie', inCookie],
  ];
  for (const [name, app] of apps) {
    it(name, () => {
      for (const one of [app, others(app)]) {
        fc.assert(
          fc.property(script, (steps) => assert.equal(browse(one, steps), undefined)),
          { numRuns: Number(process.env.COOKIE_RUNS ?? 300) },
        );
      }
    });
  }
});

describe('an app that keeps sessions in a worker is recognized', () => {
  const all = [1, 2, 3];
  const load = (action: Step['action'], workers = all): Step => ({ action, workers, ms: 10 });
  for (const form of forms) {
    const app = sessions(perWorker, form);
    it(`after some pages ${JSON.stringify(form)}`, () => {
      for (const one of [app, others(app)]) {
        const pages = [1, 2, 3, 1, 2].flatMap((worker) => [
          load('POST /login', [worker]),
          load('GET /me'),
          load('GET /'),
          load('GET /me', [2, 1, 3]),
        ]);
        const found = browse(one, pages);
        assert.equal(found?.cookie, 'sid');
        assert.notEqual(found?.knows, found?.lost);
      }
    });
    it(`and nothing is said if one worker gets all ${JSON.stringify(form)}`, () => {
      const onOne = script.map((steps) =>
        steps.map((one) => ({ ...one, workers: one.workers.map(() => 1) })),
      );
      fc.assert(fc.property(onOne, (steps) => assert.equal(browse(app, steps), undefined)));
    });
  }

  it('one request after the other, too', () => {
    const app = sessions(perWorker, { forAll: false, toLogin: true, renews: false });
    const found = browse(app, [
      load('POST /login', [1]),
      ...[1, 2, 1].map((worker) => load('GET /me', [worker])),
    ]);
    assert.deepEqual(found, { cookie: 'sid', route: 'GET /me', knows: 1, lost: 2 });
  });

  it('by where it sends a client without cookies', () => {
    const watch = new LostSessions();
    const get = { method: 'GET', target: '/a', location: undefined, setCookies: undefined };
    const away = { ...get, status: 302, location: '/start' };
    watch.answered({ ...away, cookie: undefined, worker: 1 }, 0);
    watch.answered({ ...get, cookie: undefined, worker: 1, status: 200, setCookies: ['s=1'] }, 0);
    const found = [1, 2, 1].map((worker) =>
      watch.answered({ ...(worker === 1 ? { ...get, status: 200 } : away), cookie: 's=1', worker }, 0),
    );
    assert.deepEqual(found.at(-1), { cookie: 's', route: 'GET /a', knows: 1, lost: 2 });
  });
});

describe('cookies', () => {
  it('are read from both headers', () => {
    assert.deepEqual(sentCookies('a=1; b="x=y";c=; d'), [
      { name: 'a', value: '1' },
      { name: 'b', value: '"x=y"' },
      { name: 'c', value: '' },
    ]);
    assert.deepEqual(setCookie('a=1; Path=/; Max-Age=0'), { name: 'a', value: '' });
    assert.deepEqual(setCookie('a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'), { name: 'a', value: '' });
    assert.deepEqual(setCookie('a=1; Max-Age=10; Expires=Thu, 01 Jan 2099 00:00:00 GMT'), {
      name: 'a',
      value: '1',
    });
    assert.equal(setCookie('nothing'), undefined);
  });

  it('of any bytes do no harm', () => {
    const watch = new LostSessions();
    const text = fc.string();
    fc.assert(
      fc.property(text, text, text, (cookie, target, set) => {
        const head = { method: 'GET', target, cookie, worker: 1, status: 200, location: undefined };
        watch.answered({ ...head, setCookies: [set] }, 0);
      }),
    );
  });
});
