#!/usr/bin/env node
/** The command line: arguments in, a server, an exit code out. */
import { main } from './cli/main.ts';
import { drained } from './cli/output/buffered-output.ts';

void main(process.argv.slice(2)).then(async (code) => {
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  // Node's own exit can wait without end for a request of libuv that is never answered, if a connection closed at the
  // wrong moment (node::Environment::CleanupHandles, seen on Node 20).
  process.exit(code);
});
