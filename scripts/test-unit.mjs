/**
 * Runs the unit tests from their sources, without a build: `npm run test:unit [-- --watch | --test-name-pattern=…]`.
 * The Node of package.json reads TypeScript; `npm test` also runs them on the machine's own.
 */
import { spawnSync } from 'node:child_process';

const ROOMS = ['common', 'engine', 'extension', 'protocol', 'wire'];
const files = [...ROOMS.map((room) => `test/${room}/**/*.test.ts`), 'test/architecture.test.ts'];
const { status } = spawnSync(process.execPath, ['--test', ...process.argv.slice(2), ...files], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
