/**
 * Recognizes an app that keeps its sessions in a worker's memory: one worker accepts a cookie that another one does not
 * know. A false alarm is worse than silence, so each kind of evidence excludes what apps do whose workers share all:
 *
 * - One worker accepts a cookie for a page, and another one refuses the same (401, 403, a redirect to a login), in turns,
 *   without a request in between that may have changed what the cookie stands for. Each worker answers always alike.
 * - A worker accepts a cookie that it has set, and at the same time another one sets a new one in its place: for several
 *   values. No other worker has ever left such a cookie alone on that page, and the one that set it always does.
 *
 * Pure: the clock is passed in. Memory is bounded, and holds no values of cookies.
 */
import { BoundedMap } from './bounded-map.ts';
import { type Cookie, cookieHash, sentCookies, setCookie } from './cookies.ts';

/** The head of an answer, with what matters of its request. */
export interface CookieAnswer {
  method: string;
  target: string;
  /** The Cookie header of the request. */
  cookie: string | undefined;
  worker: number;
  status: number;
  location: string | undefined;
  setCookies: readonly string[] | undefined;
}

export interface LostSession {
  /** Name of the cookie. */
  cookie: string;
  /** Method and path. */
  route: string;
  /** Number of a worker that knows the cookie. */
  knows: number;
  /** Number of a worker that does not. */
  lost: number;
}

const MAX_COOKIES = 1_000;
const MAX_PAGES = 500;
const MAX_PAGES_OF_COOKIE = 32;
/** What happens within this time is taken for the same time, in ms. */
const SAME_TIME_MS = 2_000;
/**
 * A value that was accepted and then replaced may have expired in between. One that was replaced and then accepted by its
 * own worker has not.
 */
const WEAK = 1;
const STRONG = 2;
const CERTAIN = 3;

/** A path to which apps send those who have to log in. */
const LOGIN =
  /(?:^|[/._-])(?:log[-_]?[io]n|sign[-_]?[io]n|(?:o?auth2?|auth(?:enticat|ori[sz])\w+)|sso|unauthori[sz]ed|sessions?\/new)(?:$|[/._-])/i;
/** A path that ends a session, although it is asked for with GET. */
const LOGOUT = /(?:log|sign)[-_]?(?:out|off)/i;

/** What is known of a cookie on a page, since a request last may have changed what it stands for. */
class OnPage {
  readonly #accepts = new Set<number>();
  readonly #refuses = new Set<number>();
  #turns = 0;
  #last: boolean | undefined;
  /** When the worker that set it accepted it last, and when another one replaced it. */
  #acceptedAt = Number.NEGATIVE_INFINITY;
  #replacedAt = Number.POSITIVE_INFINITY;
  #replacedBy = 0;

  get replacedBy(): number {
    return this.#replacedBy;
  }

  /** How much it says that one worker accepted the cookie and another one replaced it; 0: not at the same time. */
  get weight(): number {
    const ms = this.#acceptedAt - this.#replacedAt;
    if (Math.abs(ms) > SAME_TIME_MS) return 0;
    return ms > 0 ? STRONG : WEAK;
  }

  acceptedAtHome(now: number): void {
    this.#acceptedAt = now;
  }

  replaced(worker: number, now: number): void {
    this.#replacedAt = now;
    this.#replacedBy = worker;
  }

  /** @returns the workers of which one knows the cookie and one does not, once that is certain */
  answered(worker: number, accepts: boolean): { knows: number; lost: number } | undefined {
    (accepts ? this.#accepts : this.#refuses).add(worker);
    if (this.#last !== undefined && this.#last !== accepts) this.#turns += 1;
    this.#last = accepts;
    if (this.#turns < 2) return undefined;
    for (const one of this.#accepts) if (this.#refuses.has(one)) return undefined;
    const [knows] = this.#accepts;
    const [lost] = this.#refuses;
    return { knows: knows!, lost: lost! };
  }
}

interface Known {
  name: string;
  /** Number of the worker that set it. */
  home: number;
  pages: BoundedMap<string, OnPage>;
}

/** What is known of all cookies of a name on a page. */
class Page {
  #excluded = false;
  /** Values that were replaced elsewhere while their own worker accepted them, with their weight. */
  #lost = new Map<number, number>();

  get isCertain(): boolean {
    if (this.#excluded || this.#lost.size < 2) return false;
    let sum = 0;
    for (const weight of this.#lost.values()) sum += weight;
    return sum >= CERTAIN;
  }

  /** Workers share what the cookie stands for, or the page replaces it anyway. */
  exclude(): void {
    this.#excluded = true;
  }

  lost(hash: number, weight: number): void {
    if (!this.#excluded && weight > (this.#lost.get(hash) ?? 0)) this.#lost.set(hash, weight);
  }
}

export class LostSessions {
  #known = new BoundedMap<number, Known>(MAX_COOKIES);
  #pages = new BoundedMap<string, Page>(MAX_PAGES);
  /** Where pages send a client without cookies. */
  #withoutCookies = new BoundedMap<string, string>(MAX_PAGES);

  /**
   * @param now ms
   * @returns the evidence, as soon as there is enough
   */
  answered(answer: CookieAnswer, now: number): LostSession | undefined {
    const { cookie, setCookies, method, target, status, location, worker } = answer;
    const set = (setCookies ?? []).map(setCookie).filter((one) => one !== undefined);
    let found: LostSession | undefined;
    if (cookie === undefined) {
      if (method === 'GET' && isRedirect(status) && location !== undefined)
        this.#withoutCookies.set(target, location);
    } else if (this.#known.size > 0) {
      for (const sent of sentCookies(cookie)) {
        const hash = cookieHash(sent);
        const known = this.#known.get(hash);
        if (known !== undefined) found ??= this.#judge(answer, known, hash, isReplaced(sent, set), now);
      }
    }
    for (const one of set) {
      if (one.value !== '')
        this.#known.getOr(cookieHash(one), () => ({
          name: one.name,
          home: worker,
          pages: new BoundedMap(MAX_PAGES_OF_COOKIE),
        }));
    }
    return found;
  }

  #judge(
    answer: CookieAnswer,
    known: Known,
    hash: number,
    replaced: boolean,
    now: number,
  ): LostSession | undefined {
    const { method, target, status, worker } = answer;
    if (method === 'HEAD' || method === 'OPTIONS') return undefined;
    const refused = this.#isRefusal(answer);
    const path = pathOf(target);
    if (method !== 'GET' || LOGOUT.test(path) || (isRedirect(status) && !refused)) {
      // It may have logged somebody in or out: what was before proves nothing any more.
      known.pages.clear();
      return undefined;
    }
    if (status >= 400 && !refused) return undefined;
    const evidence = { cookie: known.name, route: `GET ${path}` };
    const onPage = known.pages.getOr(target, () => new OnPage());
    if (refused || !replaced) {
      const workers = onPage.answered(worker, !refused);
      if (workers !== undefined) return { ...evidence, ...workers };
    }
    const page = this.#pages.getOr(`${known.name} ${target}`, () => new Page());
    const isHome = worker === known.home;
    if (replaced) onPage.replaced(worker, now);
    else if (isHome && !refused) onPage.acceptedAtHome(now);
    if (isHome ? replaced : !replaced && !refused) page.exclude();
    else page.lost(hash, onPage.weight);
    return page.isCertain ? { ...evidence, knows: known.home, lost: onPage.replacedBy } : undefined;
  }

  #isRefusal({ status, location, target }: CookieAnswer): boolean {
    if (status === 401 || status === 403) return true;
    if (!isRedirect(status) || location === undefined) return false;
    return location === this.#withoutCookies.get(target) || LOGIN.test(pathOf(location));
  }
}

function isReplaced({ name, value }: Cookie, set: readonly Cookie[]): boolean {
  return set.some((one) => one.name === name && one.value !== value);
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** Of a request target or a Location. */
function pathOf(target: string): string {
  const path = target.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}
