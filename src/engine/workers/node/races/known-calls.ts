/** Names of functions that the transform treats in a way of their own. */

/** Callbacks of these run before the call returns. A cursor of a database has some of them too, with `await` inside. */
export const SYNCHRONOUS = new Set(
  'map filter forEach reduce reduceRight sort toSorted find findIndex findLast findLastIndex some every flatMap replace replaceAll describe'.split(
    ' ',
  ),
);
/** Their functions are read as text and run elsewhere, in a browser or a database. */
export const ELSEWHERE =
  /^(?:\$\$?eval|evaluate(?:Handle|OnNewDocument|All)?|addInitScript|waitForFunction|mapReduce|executeScript)$/;
/** What compilers add: `__name` keeps a function's name, `__export` and `_export` define getters. */
export const HELPER = /^__|^_export$/;
/** What compilers call an `async` function in a target without them. */
export const AWAITERS = new Set(['__awaiter', '__async', '_asyncToGenerator', '_async_to_generator']);
/** Their definitions, which wait for nothing of the user's. */
export const HELPER_CODE =
  /^(?:__(?:awaiter|await|async|asyncGenerator|asyncDelegator|asyncValues)|_?asyncToGenerator|_async_to_generator|asyncGeneratorStep|async_?generator_?step)$/;
/** Methods of promises. */
export const CHAINS = new Set(['then', 'catch', 'finally']);
/** Methods of query builders, which call back while they put a query together, perhaps when it is sent. */
export const BUILDERS = /^(?:(?:and|or)?(?:[wW]here|[hH]aving)\w*|\w*[jJ]oin|modify|union\w*)$/;
/** They call a function that only they know. */
export const TIMERS = new Set(['setTimeout', 'setImmediate']);
