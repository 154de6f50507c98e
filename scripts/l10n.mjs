/** The strings of the code that are translated, from the source: `npm run l10n` writes the bundle that a test compares. */
import fs from 'node:fs';
import path from 'node:path';

export const BUNDLE = path.join('l10n', 'bundle.l10n.json');

/** A literal that `t(…)`, `l10n.t(…)` or `vscode.l10n.t(…)` is called with. */
const CALL = /(?<![\w.$])(?:vscode\.)?(?:l10n\.)?t\(\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g;
/** Any call of it, for those whose text can not be read from the source. */
const ANY_CALL = /(?<![\w.$])(?:vscode\.)?(?:l10n\.)?t\(/g;

/** The bundle as it should be: each text, in order, with itself. @returns the text of the file */
export function bundleText(folder = 'src/extension') {
  const texts = new Set();
  for (const name of sources(folder)) {
    const source = fs.readFileSync(path.join(folder, name), 'utf8');
    const found = [...source.matchAll(CALL)];
    if (found.length !== [...source.matchAll(ANY_CALL)].length) {
      throw new Error(`${name} translates a text that is not written out where it is translated.`);
    }
    for (const [, literal] of found) texts.add(unquoted(literal));
  }
  const sorted = [...texts].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), undefined, 2)}\n`;
}

/** The source files below a folder, sorted. */
function sources(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

function unquoted(literal) {
  const inner = literal.slice(1, -1).replaceAll("\\'", "'").replaceAll('\\"', '"');
  return JSON.parse(`"${inner.replaceAll('"', '\\"')}"`);
}

if (process.argv[1]?.endsWith('l10n.mjs')) fs.writeFileSync(BUNDLE, bundleText());
