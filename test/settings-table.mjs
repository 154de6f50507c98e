/** Writes the table of settings in the README from the manifest: `npm run settings`. A test compares the two. */
import fs from 'node:fs';

const BEGIN = '<!-- settings: written by npm run settings -->';
const END = '<!-- /settings -->';

/** The README's text with the table as the manifest has it. */
export function withSettings(readme) {
  const { contributes } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  const nls = JSON.parse(fs.readFileSync('package.nls.json', 'utf8'));
  const rows = Object.entries(contributes.configuration.properties)
    .sort(([, one], [, other]) => one.order - other.order)
    .map(([name, { default: value, markdownDescription }]) => {
      const text = nls[markdownDescription.slice(1, -1)].replaceAll(/`#concurrentServer\.([^#]+)#`/g, '`$1`');
      const short = name.replace('concurrentServer.', '');
      return `| \`${short}\` | \`${JSON.stringify(value)}\` | ${text.replaceAll('|', '\\|')} |`;
    });
  const table = ['| `concurrentServer.` | default | what it does |', '| --- | --- | --- |', ...rows].join(
    '\n',
  );
  const at = readme.indexOf(BEGIN) + BEGIN.length;
  return `${readme.slice(0, at)}\n\n${table}\n\n${readme.slice(readme.indexOf(END))}`;
}

if (process.argv[1]?.endsWith('settings-table.mjs')) {
  fs.writeFileSync('README.md', withSettings(fs.readFileSync('README.md', 'utf8')));
}
