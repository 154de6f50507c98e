/** What to install if Node can't run a TypeScript file. Pure. */

const TSX = 'npm i -D tsx';
const RUNNER_OF_THE_PROJECT = 'The server uses it from its next start on.';

/**
 * Undefined for any other error.
 *
 * @param stack as Node prints it: with the source line in front for an error of syntax
 */
export function typescriptHint(message: string, stack: string): string | undefined {
  if (/^Unknown file extension "\.[cm]?[tj]sx?"/.test(message)) {
    return `This Node does not run such files. A package of your project can: ${TSX}. ${RUNNER_OF_THE_PROJECT}`;
  }
  if (/strip-only mode|ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX/.test(`${message}\n${stack}`)) {
    return `Node only removes types. A package of your project can do the rest: ${TSX}. ${RUNNER_OF_THE_PROJECT}`;
  }
  if (/Invalid or unexpected token/.test(message) && /\.[cm]?tsx?:\d+\n\s*@/.test(stack)) {
    return `Node does not run decorators. A package of your project can: npm i -D ts-node. ${RUNNER_OF_THE_PROJECT}`;
  }
  if (isTypescriptImport(message)) {
    return `Node finds a TypeScript file only by its whole name. A package of your project helps: ${TSX}. ${RUNNER_OF_THE_PROJECT}`;
  }
  return undefined;
}

/** A file of the project that a TypeScript file imports without its extension, or as `.js`. */
function isTypescriptImport(message: string): boolean {
  const [, imported] = /^Cannot find module '([^']+)' imported from .*\.[cm]?tsx?$/m.exec(message) ?? [];
  const [, required] = /^Cannot find module '([^']+)'\nRequire stack:\n- .*\.[cm]?tsx?$/m.exec(message) ?? [];
  const name = imported ?? required;
  return name !== undefined && /^(?:\.{0,2}[\\/]|[A-Za-z]:)/.test(name) && !/node_modules/.test(name);
}
