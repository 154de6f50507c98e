/**
 * Preloaded by a last `--import` where others come before it. Node awaits one after the other, then the app's main
 * module: so this runs when the preloads of the app have finished. See {@link afterPreloads} for who listens.
 */
const call = (globalThis as Record<symbol, unknown>)[Symbol.for('concurrent-server.preloaded')];
if (typeof call === 'function') call();
