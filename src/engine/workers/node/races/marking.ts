/** The last of the preloads: from here on, the user's source is marked. See loaders.ts for why it is the last. */
(globalThis as { __concurrentServerRaces__?: { mark(): void } }).__concurrentServerRaces__?.mark();
