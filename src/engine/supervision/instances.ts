/**
 * Whether an app can run more than once at a time, as far as its workers show it. Some apps can't: they lock a folder (a
 * development server, an embedded database) or open a device or a fixed port. Pure.
 */

/**
 * `untried`: no two workers with this code have served at a time. `doubted`: one ended before it accepted, while another
 * one served. `several`: two have served at a time. `one`: only one can run.
 */
type Instances = 'untried' | 'doubted' | 'several' | 'one';

type InstancesEvent =
  /** The first worker with new code accepts. */
  | { type: 'new code' }
  /** A worker accepts while another one with the same code does. */
  | { type: 'two serve' }
  /**
   * A worker ended before it accepted, while others were there.
   * @param others the code that they run
   * @param reason what it said last
   */
  | { type: 'fails'; others: 'same code' | 'older code'; reason: string }
  /** A person asks for a number of workers, or another kind. */
  | { type: 'asked' };

/** What programs say if they find another instance of themselves. */
const FOUND_ANOTHER = new RegExp(
  [
    'EADDRINUSE|EBUSY|EEXIST',
    'already (?:being |been )?(?:running|started|in use|used|open|opened|locked|exists)',
    'another\\b.{0,60}\\b(?:instance|process|server|is running|is using)',
    '(?:single|only one) instance',
    '\\b(?:lock|locked|lockfile|lock file)\\b',
  ].join('|'),
  'i',
);

/** What is known after an event. */
function afterEvent(known: Instances, event: InstancesEvent): Instances {
  switch (event.type) {
    case 'asked':
      return 'untried';
    case 'new code':
      return known === 'one' ? 'one' : 'untried';
    case 'two serve':
      return known === 'one' ? 'one' : 'several';
    case 'fails':
      return afterFailure(known, event);
  }
}

/** One failure may have any reason. It needs a second one, or words that name the reason. */
function afterFailure(
  known: Instances,
  { others, reason }: Extract<InstancesEvent, { type: 'fails' }>,
): Instances {
  if (known === 'several' || known === 'one') return known;
  if (FOUND_ANOTHER.test(reason)) return 'one';
  // Other code may fail for a mistake in it.
  if (others === 'older code') return known;
  return known === 'doubted' ? 'one' : 'doubted';
}

interface Serving {
  readonly served: boolean;
  readonly exited: boolean;
}

/**
 * Which others serve while a worker fails to start; undefined if none does.
 * @param current workers with the same code
 * @param all workers, also those with older code
 */
function othersThatServe(
  current: readonly Serving[],
  all: readonly Serving[],
): 'same code' | 'older code' | undefined {
  const serves = ({ served, exited }: Serving): boolean => served && !exited;
  if (current.some(serves)) return 'same code';
  return all.some(serves) ? 'older code' : undefined;
}

/** What the workers of a pool show about it. */
export class InstanceCount {
  #known: Instances = 'untried';

  get onlyOne(): boolean {
    return this.#known === 'one';
  }

  /** One did not start beside another one. The next failure proves that only one can run. */
  get doubted(): boolean {
    return this.#known === 'doubted';
  }

  /** A person asks for a number of workers, or another kind: it is tried again. */
  asked(): void {
    this.#known = afterEvent(this.#known, { type: 'asked' });
  }

  /**
   * A worker with the newest code accepts.
   * @param isFirst none did before
   * @param besides another one does, too
   */
  accepted(isFirst: boolean, besides: boolean): void {
    if (isFirst) this.#known = afterEvent(this.#known, { type: 'new code' });
    else if (besides) this.#known = afterEvent(this.#known, { type: 'two serve' });
  }

  /**
   * A worker did not start; see {@link othersThatServe}.
   * @param reason its last words
   * @returns true if this shows that only one can run
   */
  failed(current: readonly Serving[], all: readonly Serving[], reason: string): boolean {
    const others = othersThatServe(current, all);
    if (this.onlyOne || others === undefined) return false;
    this.#known = afterEvent(this.#known, { type: 'fails', others, reason });
    return this.onlyOne;
  }
}
