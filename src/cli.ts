#!/usr/bin/env node
/** The command line: arguments in, a server, an exit code out. */
import { main } from './cli/main.ts';

/** A process that has stopped its server but does not end is held by something it forgot. It does not get to stay. */
const LINGER_MS = 500;

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  setTimeout(() => process.exit(), LINGER_MS).unref();
});
