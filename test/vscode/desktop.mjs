/** Runs the same tests in a desktop VS Code: in the oldest version that the extension supports, then in the newest. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { pythonEnvironment } from '../../scripts/python-env.mjs';
import { summarize } from '../runner.mjs';
import { prepareVscode, testVscode, vscodeFiles } from './run.mjs';

process.chdir(path.join(path.dirname(new URL(import.meta.url).pathname), '..', '..'));
const oldest = JSON.parse(readFileSync('package.json', 'utf8')).engines.vscode.replace(/^\^/, '');
const files = vscodeFiles(process.argv.slice(2));
const results = [];
for (const version of [oldest, 'stable']) {
  try {
    await downloadAndUnzipVSCode({ version, timeout: 30_000 });
  } catch (error) {
    const line = `VS Code ${version} could not be downloaded (${error.message}): the desktop tests need a network that reaches update.code.visualstudio.com; npm test needs none.`;
    results.push({ passed: false, line });
    continue;
  }
  const prepared = prepareVscode({ desktop: version });
  results.push(await testVscode(files, { prepared, desktop: version, env: await pythonEnvironment(files) }));
}
summarize(results);
