/** Whether a file seems to be a server, by its source and that of the files it imports. Nothing is run. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileAt, relativeImports } from './entry-files.ts';

/** Calls that listen, objects that serve, and what our workers take from an app's exports. */
const SIGNS = [
  /\.listen\s*\(/,
  /\bcreate(?:Secure)?Server\s*\(/,
  /\b(?:express|[Ff]astify|polka|restify|createYoga|startStandaloneServer)\s*\(/,
  /\bnew\s+(?:Koa|Hono|OpenAPIHono|Elysia|ApolloServer|Ignitor|RestApplication)\b/,
  /\bNestFactory\s*\./,
  /\bHapi\s*\.\s*[sS]erver\s*\(/,
  /\bserve\s*\(\s*(?:\{|\w+)/,
  /\bexport\s+default\s*\{[^}]*\bfetch\b/,
];
/** Most files that are read for one answer. */
const MAX_FILES = 30;

/** Reads at most {@link MAX_FILES} files. False if none can be read. */
export async function seemsServer(file: string): Promise<boolean> {
  const seen = new Set([file]);
  const queue = [file];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const source = await readFile(next, 'utf8').catch(() => '');
    if (hasSign(source)) return true;
    for (const target of relativeImports(source)) {
      const found = await importedFile(path.resolve(path.dirname(next), target));
      if (found === undefined || seen.has(found) || seen.size >= MAX_FILES) continue;
      seen.add(found);
      queue.push(found);
    }
  }
  return false;
}

export async function serversAmong(files: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(files.map(seemsServer));
  return files.filter((_, at) => answers[at]);
}

export function hasSign(source: string): boolean {
  return SIGNS.some((sign) => sign.test(source));
}

/** TypeScript writes `./app.js` for `app.ts`. */
async function importedFile(target: string): Promise<string | undefined> {
  const plain = target.replace(/\.[cm]?js$/, '');
  return (await fileAt(target)) ?? (await fileAt(plain)) ?? fileAt(path.join(target, 'index'));
}
