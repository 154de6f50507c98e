/** How long the app's own exit handlers may take, in ms. */
export const EXIT_GRACE_MS = 500;
/** How long a thread with a native addon may take after that until its event loop is empty or it is parked, in ms. */
export const SOFT_EXIT_MS = 3000;
