/**
 * The last `--import`, used if the app has preloads of its own. Node awaits the preloads one after another, then loads
 * the app's main module, so this runs when the app's preloads have finished. {@link afterPreloads} sets its listener.
 */
const call = (globalThis as Record<symbol, unknown>)[Symbol.for('concurrent-server.preloaded')];
if (typeof call === 'function') call();
