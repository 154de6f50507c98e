/** What scripts run: a table of shapes that projects have, each in the reader's own words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Project } from '../../../../src/engine/app/script/plan.ts';
import { readNamedScript } from '../../../../src/engine/app/script/read-script.ts';

interface Facts {
  scripts?: Record<string, string>;
  main?: string;
  files?: Record<string, unknown>;
  /** Installed packages. */
  has?: string[];
  /** Commands of installed packages. */
  commands?: string[];
  /** Projects in other folders, with their scripts. */
  at?: Record<string, Record<string, string>>;
}

function projectOf({ scripts = {}, main, files = {}, has = [], commands = [], at = {} }: Facts): Project {
  const variables: Record<string, string> = { HOME: '/home/me', npm_package_name: 'shop' };
  return {
    folder: '/app',
    scripts,
    main,
    variables: (name) => variables[name],
    json: (file) => files[file.replace(/^\.\//, '')],
    command: (name) => (commands.includes(name) ? `/bin/${name}.js` : undefined),
    has: (name) => has.includes(name),
    at: (folder) => {
      const other = at[folder.replace(/^\.\//, '')];
      return other === undefined ? undefined : { ...projectOf({ scripts: other }), folder: `/app/${folder}` };
    },
  };
}

/**
 * The plan in one line: `NAME=value` and files of variables, runner, Node's flags, file, arguments, and what is left
 * out behind ` ~ `. A reason where there is no plan.
 */
function told(script: string, facts: Facts = {}): string {
  const project = projectOf({ ...facts, scripts: { ...facts.scripts, dev: script } });
  const { plan, why } = readNamedScript('dev', project);
  if (plan === undefined) return `none: ${why}`;
  const { env, envFiles, runner, nodeArgs, program, args, notTaken, folder } = plan;
  const words = [
    ...(folder === '/app' ? [] : [`in ${folder}:`]),
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...envFiles.map(
      ({ file, optional, overrides }) => `[${file}${optional ? '?' : ''}${overrides ? '!' : ''}]`,
    ),
    ...(runner === undefined ? [] : [`<${runner.label}>`]),
    ...nodeArgs,
    program.file,
    ...args,
  ];
  return [words.join(' '), ...notTaken].join(' ~ ');
}

const ALONE: Array<[script: string, plan: string]> = [
  // Plain node.
  ['node server.js', 'server.js'],
  ['node ./bin/www', './bin/www'],
  ['node .', '.'],
  ['node dist/main', 'dist/main'],
  ['node "my app.js" --name "Bob B"', 'my app.js --name Bob B'],
  ["node 'a b.js'", 'a b.js'],
  ['node a\\ b.js', 'a b.js'],
  ['nodejs index.js 3000', 'index.js 3000'],
  ['node -- index.js -x', 'index.js -x'],
  ['node --watch src/index.js', 'src/index.js'],
  ['node --watch-path=./src --watch-preserve-output src/index.js', 'src/index.js'],
  ['node --watch-path src --watch src/index.js', 'src/index.js'],
  ['node -r dotenv/config app.js', '-r dotenv/config app.js'],
  [
    'node -r dotenv/config app.js dotenv_config_path=.env.dev',
    '-r dotenv/config app.js dotenv_config_path=.env.dev',
  ],
  ['node --require=./tracing.js app.js', '--require=./tracing.js app.js'],
  ['node --import tsx src/index.ts', '--import tsx src/index.ts'],
  ['node --import=./otel.mjs app.mjs', '--import=./otel.mjs app.mjs'],
  ['node --loader ts-node/esm src/app.ts', '--loader ts-node/esm src/app.ts'],
  ['node --experimental-loader=./x.mjs a.mjs', '--experimental-loader=./x.mjs a.mjs'],
  ['node -C development app.js', '-C development app.js'],
  ['node --conditions=dev --conditions test app.js', '--conditions=dev --conditions test app.js'],
  ['node --env-file=.env app.js', '[.env] app.js'],
  ['node --env-file .env --env-file .env.local app.js', '[.env] [.env.local] app.js'],
  ['node --env-file-if-exists=.env app.js', '[.env?] app.js'],
  ['node --inspect app.js', 'app.js ~ --inspect'],
  ['node --inspect-brk=0.0.0.0:9229 app.js', 'app.js ~ --inspect-brk=0.0.0.0:9229'],
  ['node --inspect-port 9230 app.js', 'app.js ~ --inspect-port 9230'],
  ['node --max-old-space-size=4096 app.js', '--max-old-space-size=4096 app.js'],
  ['node --no-warnings --enable-source-maps dist/app.js', '--no-warnings --enable-source-maps dist/app.js'],
  ['node --experimental-strip-types src/a.ts', '--experimental-strip-types src/a.ts'],
  ['node --title api app.js', '--title api app.js'],
  ['node ace serve --hmr', 'ace serve --hmr'],
  ['node app.js > app.log 2>&1', 'app.js ~ > app.log ~ 2>&1'],
  ['node app.js | pino-pretty', 'app.js ~ | pino-pretty'],
  ['node app.js | npx pino-pretty -c | tee log', 'app.js ~ | npx pino-pretty -c ~ | tee log'],
  // Variables.
  ['PORT=3000 NODE_ENV=development node app.js', 'PORT=3000 NODE_ENV=development app.js'],
  ['DEBUG=app:* node ./bin/www', 'DEBUG=app:* ./bin/www'],
  ['NAME="a b" node app.js', 'NAME=a b app.js'],
  ['EMPTY= node app.js', 'EMPTY= app.js'],
  ['DATA=$HOME/data node app.js', 'DATA=/home/me/data app.js'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell reads it
  ['node app.js --port ${PORT:-3000}', 'app.js --port 3000'],
  ["NAME='$HOME' node app.js", 'NAME=$HOME app.js'],
  ['node app.js $npm_package_name', 'app.js shop'],
  ['NODE_OPTIONS="--import tsx" node app.ts', 'NODE_OPTIONS=--import tsx app.ts'],
  ['export NODE_ENV=test && node app.js', 'NODE_ENV=test app.js'],
  ['set NODE_ENV=development&& node app.js', 'NODE_ENV=development app.js'],
  ['A=1 && B=2 node app.js', 'A=1 B=2 app.js'],
  ['env A=1 node app.js', 'A=1 app.js'],
  ['cross-env NODE_ENV=development node app.js', 'NODE_ENV=development app.js'],
  ['cross-env A=1 B=2 tsx watch src/index.ts', 'A=1 B=2 <tsx> src/index.ts'],
  ['cross-env-shell A=1 "node app.js --x"', 'A=1 app.js --x'],
  ['dotenv -- node app.js', '[.env?] app.js'],
  ['dotenv -e .env.dev -- node app.js', '[.env.dev?] app.js'],
  ['dotenv -e .env.local -e .env node app.js', '[.env?] [.env.local?] app.js'],
  ['dotenv -o -e .env.dev -- tsx app.ts', '[.env.dev?!] <tsx> app.ts'],
  ['dotenv -c -- node app.js', '[.env?] [.env.local?] app.js'],
  ['dotenv -c dev -- node app.js', '[.env?] [.env.dev?] [.env.local?] [.env.dev.local?] app.js'],
  ['dotenv -v NODE_ENV=test -- node app.js', 'NODE_ENV=test [.env?] app.js'],
  ['dotenvx run -- node app.js', '[.env?] app.js'],
  ['dotenvx run -f .env.local -f .env -- tsx app.ts', '[.env?] [.env.local?] <tsx> app.ts'],
  ['dotenvx run --overload -e A=1 -- node app.js', 'A=1 [.env?!] app.js'],
  ['env-cmd node app.js', '[.env!] app.js'],
  ['env-cmd -f ./config/dev.env node app.js', '[./config/dev.env!] app.js'],
  ['env-cmd --no-override -f a.env nodemon app.js', '[a.env] app.js'],
  ['env-cmd ./.env.dev node app.js', '[./.env.dev!] app.js'],
  ['doppler run -- node app.js', 'app.js ~ doppler run'],
  ['infisical run --env=dev -- tsx app.ts', '<tsx> app.ts ~ infisical run --env=dev'],
  // Runners.
  ['tsx src/index.ts', '<tsx> src/index.ts'],
  ['tsx watch src/index.ts', '<tsx> src/index.ts'],
  ['tsx watch.ts', '<tsx> watch.ts'],
  ['tsx watch --clear-screen=false --include "x/**" src/server.ts --port 1', '<tsx> src/server.ts --port 1'],
  ['tsx watch --env-file=.env src/index.ts', '[.env] <tsx> src/index.ts'],
  ['tsx --env-file .env src/index.ts', '[.env] <tsx> src/index.ts'],
  [
    'tsx --inspect --tsconfig tsconfig.dev.json app.ts',
    '<tsx --tsconfig tsconfig.dev.json> app.ts ~ --inspect',
  ],
  ['tsx -r dotenv/config --no-cache app.ts', '<tsx --no-cache> -r dotenv/config app.ts'],
  ['esno src/index.ts', '<esno> src/index.ts'],
  ['ts-node src/app.ts', '<ts-node> src/app.ts'],
  ['ts-node -T -P tsconfig.dev.json src/app.ts a', '<ts-node -T -P tsconfig.dev.json> src/app.ts a'],
  [
    'ts-node --files -r tsconfig-paths/register src/app.ts',
    '<ts-node --files> -r tsconfig-paths/register src/app.ts',
  ],
  ['ts-node --esm src/app.ts', '<ts-node --esm> src/app.ts'],
  ['ts-node-esm src/app.ts', '<ts-node-esm> src/app.ts'],
  ['ts-node-dev --respawn --transpile-only src/app.ts', '<ts-node-dev --transpile-only> src/app.ts'],
  ['ts-node-dev --watch src src/index.ts', '<ts-node-dev> src/index.ts'],
  ['tsnd --rs --inspect=9229 -- src/app.ts', '<tsnd> src/app.ts ~ --inspect=9229'],
  ['swc-node src/app.ts', '<swc-node> src/app.ts'],
  ['node -r @swc-node/register src/app.ts', '-r @swc-node/register src/app.ts'],
  ['babel-node src/app.js', '<babel-node> src/app.js'],
  ['babel-node --extensions .ts,.js src/app.ts', '<babel-node --extensions .ts,.js> src/app.ts'],
  ['sucrase-node src/app.ts', '<sucrase-node> src/app.ts'],
  ['node-dev --respawn app.js', 'app.js'],
  ['supervisor -w lib -e js app.js', 'app.js'],
  // nodemon.
  ['nodemon app.js', 'app.js'],
  ['nodemon --inspect app.js 3', 'app.js 3 ~ --inspect'],
  ['nodemon --watch src --ext js,ts src/index.js', "src/index.js ~ nodemon's watch, ext"],
  ['nodemon -L -q --delay 1 --signal SIGTERM app.js', 'app.js'],
  ['nodemon --exec ts-node src/server.ts', '<ts-node> src/server.ts'],
  [
    'nodemon --exec "ts-node -r tsconfig-paths/register" src/a.ts',
    '<ts-node> -r tsconfig-paths/register src/a.ts',
  ],
  ['nodemon -w src -e ts,json -x "tsx src/a.ts"', "<tsx> src/a.ts ~ nodemon's watch, ext"],
  ['nodemon --exec "node --inspect" app.js', 'app.js ~ --inspect'],
  ['nodemon --exec babel-node src/index.js', '<babel-node> src/index.js'],
  ["nodemon --exec 'NODE_ENV=dev node' app.js", 'NODE_ENV=dev app.js'],
  ['nodemon -x "npx tsc && node" dist/app.js', 'dist/app.js ~ npx tsc'],
  ['cross-env DEBUG=a nodemon -r dotenv/config app.js', 'DEBUG=a -r dotenv/config app.js'],
  ['nodemon src/app.ts', '<ts-node> src/app.ts'],
  ['nodemon', 'none: nodemon names no file'],
  // Builds before it, several at once.
  ['tsc && node dist/index.js', 'dist/index.js ~ tsc'],
  ['rimraf dist && tsc -p . && node dist', 'dist ~ rimraf dist ~ tsc -p .'],
  ['npm run build && node dist/x.js', 'dist/x.js ~ npm run build'],
  ['tsc; node dist/x.js', 'dist/x.js ~ tsc'],
  ['tsc -w & node --watch dist/x.js', 'dist/x.js ~ tsc -w'],
  ['node worker.js & node server.js', 'server.js ~ node worker.js'],
  ['node server.js || true', 'server.js'],
  ['sleep 2 && node app.js', 'app.js'],
  ['concurrently "tsc -w" "nodemon dist/app.js"', 'dist/app.js ~ tsc -w'],
  ['concurrently -k -n api,web -c blue,red "tsx watch src/server.ts" "vite"', '<tsx> src/server.ts ~ vite'],
  ['concurrently --kill-others "vite" "node server"', 'server ~ vite'],
  // Commands of managers.
  ['npx tsx watch src/index.ts', '<tsx> src/index.ts'],
  ['npx -y tsx@latest src/index.ts', '<tsx> src/index.ts'],
  ['npx --no-install nodemon app.js', 'app.js'],
  ['npm exec -- tsx src/a.ts', '<tsx> src/a.ts'],
  ['npx -c "node app.js"', 'app.js'],
  ['pnpm exec tsx src/a.ts', '<tsx> src/a.ts'],
  ['pnpm dlx tsx src/a.ts', '<tsx> src/a.ts'],
  ['yarn exec ts-node src/a.ts', '<ts-node> src/a.ts'],
  ['yarn nodemon app.js', 'app.js'],
  ['yarn node app.js', 'app.js'],
  ['pnpm tsx src/a.ts', '<tsx> src/a.ts'],
  ['./node_modules/.bin/tsx src/a.ts', '<tsx> src/a.ts'],
  ['node ./node_modules/.bin/nodemon app.js', 'app.js'],
  ['./bin/www', './bin/www'],
  // No server, or none that runs here.
  ['', 'none: is empty'],
  ['node', 'none: names no file'],
  ['node -e "console.log(1)"', 'none: runs no file (-e)'],
  ['node --test', 'none: runs no file (--test)'],
  ['node $(cat x)', 'none: needs a shell'],
  ['(cd x; node a.js)', 'none: needs a shell'],
  ['node `which x`', 'none: needs a shell'],
  ['node "app.js', 'none: has a quote without an end'],
  ['bun run src/index.ts', 'none: needs Bun'],
  ['bun src/index.ts', 'none: needs Bun'],
  ['deno task dev', 'none: deno runs its server as another process'],
  ['tsc --watch', 'none: tsc serves nothing'],
  ['turbo dev', 'none: turbo runs its server as another process'],
  ['npm run dev', 'none: calls itself'],
  ['npm run nothing', 'none: there is no script nothing'],
  ['npm run dev -w api', 'none: runs a script of another package'],
  ['pnpm --filter api dev', 'none: runs a script of another package'],
  ['yarn workspace api dev', 'none: runs a script of another package'],
  ['some-server', 'none: some-server is not installed'],
  ['cd nowhere && node app.js', 'none: runs in nowhere'],
];

const IN_PROJECTS: Array<[script: string, facts: Facts, plan: string]> = [
  ['npm run serve', { scripts: { serve: 'node a.js' } }, 'a.js'],
  ['npm start', { scripts: { start: 'A=1 node a.js' } }, 'A=1 a.js'],
  ['npm run -s serve -- --port 4', { scripts: { serve: 'node a.js' } }, 'a.js --port 4'],
  ['yarn serve --x', { scripts: { serve: 'tsx a.ts' } }, '<tsx> a.ts --x'],
  ['yarn run serve', { scripts: { serve: 'tsx a.ts' } }, '<tsx> a.ts'],
  ['pnpm serve', { scripts: { serve: 'tsx a.ts' } }, '<tsx> a.ts'],
  ['pnpm run serve', { scripts: { serve: 'tsx a.ts' } }, '<tsx> a.ts'],
  ['node --run serve', { scripts: { serve: 'node a.js' } }, 'a.js'],
  ['B=2 npm run serve', { scripts: { serve: 'A=1 node a.js' } }, 'B=2 A=1 a.js'],
  ['npm run serve', { scripts: { preserve: 'tsc', serve: 'node a.js' } }, 'a.js ~ preserve'],
  ['node a.js', { scripts: { predev: 'tsc' } }, 'a.js ~ predev'],
  [
    'run-p dev:*',
    { scripts: { 'dev:client': 'vite', 'dev:server': 'tsx watch s.ts' } },
    '<tsx> s.ts ~ dev:client',
  ],
  [
    'npm-run-all --parallel "w:*"',
    { scripts: { 'w:ts': 'tsc -w', 'w:node': 'nodemon a.js' } },
    'a.js ~ w:ts',
  ],
  ['run-s build serve', { scripts: { build: 'tsc', serve: 'node dist' } }, 'dist ~ build'],
  [
    'npm-run-all build -p watch serve',
    { scripts: { build: 'tsc', watch: 'tsc -w', serve: 'node a.js' } },
    'a.js ~ watch ~ build',
  ],
  ['concurrently npm:w npm:s', { scripts: { w: 'tsc -w', s: 'node a.js' } }, 'a.js ~ w'],
  ['concurrently "npm:d-*"', { scripts: { 'd-web': 'vite', 'd-api': 'node a.js' } }, 'a.js ~ d-web'],
  ['nodemon', { main: 'lib/a.js' }, 'lib/a.js'],
  ['nodemon', { scripts: { start: 'node a.js' } }, 'a.js'],
  ['nodemon', { files: { 'nodemon.json': { exec: 'node a.js', watch: ['src'] } } }, "a.js ~ nodemon's watch"],
  ['nodemon --config n.json', { files: { 'n.json': { exec: 'tsx a.ts', env: { A: 1 } } } }, 'A=1 <tsx> a.ts'],
  ['nodemon', { files: { 'package.json': { nodemonConfig: { exec: 'node a.js' } } } }, 'a.js'],
  [
    'nodemon a.ts',
    { files: { 'nodemon.json': { execMap: { ts: 'node --import tsx' } } } },
    '--import tsx a.ts',
  ],
  ['nodemon a.ts', { has: ['tsx'] }, '<tsx> a.ts'],
  ['nest start --watch', { has: ['ts-node'] }, '<ts-node> src/main ~ type checks'],
  ['nest start', { has: ['@swc-node/register'] }, '<swc-node> src/main ~ type checks'],
  [
    'nest start',
    {},
    'none: nest start builds first; with ts-node in the project it runs from source: npm i -D ts-node',
  ],
  [
    'nest start',
    { files: { 'package.json': { type: 'module' } } },
    'none: nest start builds first; with @swc-node/register in the project it runs from source: npm i -D @swc-node/register @swc/core',
  ],
  [
    'nest start --debug --watch -- --seed',
    { has: ['ts-node'], files: { 'nest-cli.json': { sourceRoot: 'app', entryFile: 'boot' } } },
    '<ts-node> app/boot --seed ~ type checks ~ --debug',
  ],
  [
    'nest start shop',
    { has: ['ts-node'], files: { 'nest-cli.json': { projects: { shop: { sourceRoot: 'apps/shop/src' } } } } },
    '<ts-node> apps/shop/src/main ~ type checks',
  ],
  [
    'nest start',
    { has: ['ts-node', 'tsconfig-paths'], files: { 'tsconfig.json': { compilerOptions: { paths: {} } } } },
    '<ts-node> --require tsconfig-paths/register src/main ~ type checks',
  ],
  [
    'node ace serve --hmr',
    { has: ['@adonisjs/core', '@poppinss/ts-exec'] },
    '--import @poppinss/ts-exec bin/server.ts',
  ],
  [
    'node ace.js serve --watch --assets-args="--debug"',
    { has: ['@adonisjs/core', 'ts-node-maintained'] },
    '--import ts-node-maintained/register/esm bin/server.ts',
  ],
  ['node ace build', { has: ['@adonisjs/core'] }, 'none: ace build starts no server'],
  ['node ace serve', {}, 'ace serve'],
  ['next start -p 3000', { commands: ['next'] }, '/bin/next.js start -p 3000'],
  [
    'fastify start -w -l info -P app.js',
    { commands: ['fastify'] },
    '/bin/fastify.js start -l info -P app.js',
  ],
  ['json-server --watch db.json', { commands: ['json-server'] }, '/bin/json-server.js --watch db.json'],
  ['npx http-server . -c-1', { commands: ['http-server'] }, '/bin/http-server.js . -c-1'],
  ['vite-node --watch src/a.ts', { commands: ['vite-node'] }, '/bin/vite-node.js src/a.ts'],
  ['NODE_ENV=production node_modules/.bin/x-y a', { commands: ['x-y'] }, 'NODE_ENV=production /bin/x-y.js a'],
  ['cd server && npm start', { at: { server: { start: 'node a.js' } } }, 'in /app/server: a.js'],
  ['npm --prefix ./api run dev', { at: { api: { dev: 'tsx a.ts' } } }, 'in /app/./api: <tsx> a.ts'],
  ['yarn --cwd api dev', { at: { api: { dev: 'tsx a.ts' } } }, 'in /app/api: <tsx> a.ts'],
  ['env-cmd -e dev node a.js', { files: { '.env-cmdrc': { dev: { A: 'x' } } } }, 'A=x a.js'],
  ['npm run a', { scripts: { a: 'npm run b', b: 'npm run a' } }, 'none: calls itself'],
];

describe('a script', () => {
  for (const [script, plan] of ALONE) it(`\`${script}\``, () => assert.equal(told(script), plan));
});

describe('a script in its project', () => {
  for (const [script, facts, plan] of IN_PROJECTS) {
    it(`\`${script}\` with ${JSON.stringify(facts)}`, () => assert.equal(told(script, facts), plan));
  }
});
