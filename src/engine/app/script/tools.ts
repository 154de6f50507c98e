/** Commands of packages that are not run as an app, and why. */
import { isToolOnly, servingTool } from '../../../common/front-end-of.ts';

/** Tools that make files, check them, or change a database. */
const NO_SERVERS = words(
  'tsc tsup tsdown swc esbuild rollup rolldown babel unbuild ncc pkgroll tsc-watch tsc-alias tspc ' +
    'ttsc gulp grunt jest vitest mocha ava tap cypress playwright eslint prettier biome stylelint ' +
    'tslint standard xo husky lint-staged rimraf del cpx cpy copyfiles mkdirp shx ncp chokidar ' +
    'onchange wait-on prisma drizzle-kit typeorm sequelize sequelize-cli knex mikro-orm sass ' +
    'node-sass less lessc postcss tailwindcss tailwind graphql-codegen patch-package echo rm cp mkdir ' +
    'mv cat sleep open kill kill-port pkill touch test true wait npm-watch livereload browser-sync',
);

/** Tools whose server is another process, or no process of Node. */
const OTHER_PROCESSES = words(
  'docker docker-compose podman make just bash sh zsh pwsh powershell cmd python python3 uvicorn ' +
    'gunicorn flask django-admin poetry uv php ruby go cargo dotnet java mvn gradle deno bun turbo nx ' +
    'lerna rush moon lage wireit pm2 forever pm2-runtime pm2-dev electron electron-forge tauri expo ' +
    'react-native wrangler vercel netlify firebase serverless sls sam func functions-framework strapi ' +
    'lb4 ace cds',
);

/** Frameworks of servers whose `dev` is a server of its own, while `start` is a plain one. */
const OWN_DEV = words('blitz keystone medusa');

/** Why a package's command is not run; undefined where it may be. */
export function refusal(name: string, args: readonly string[]): string | undefined {
  const verb = args.find((word) => !word.startsWith('-'));
  const tool = servingTool([name, ...args]);
  if (tool !== undefined) return frontEnd([name, verb ?? ''].join(' ').trim());
  if (isToolOnly([name, ...args])) return `${[name, verb ?? ''].join(' ').trim()} serves nothing`;
  if (OWN_DEV.has(name) && verb !== 'start') return frontEnd(`${name} ${verb ?? 'dev'}`);
  if (name === 'webpack-cli') return 'webpack serves nothing';
  if (NO_SERVERS.has(name)) return `${name} serves nothing`;
  if (OTHER_PROCESSES.has(name)) return `${name} runs its server as another process`;
  return undefined;
}

function frontEnd(text: string): string {
  return `${text} is a development server of its own`;
}

/** Options of a package's command that a worker must not have: it would start the server in a further process. */
const DROPPED: Record<string, readonly string[]> = {
  fastify: ['-w', '--watch', '-d', '--debug'],
  'vite-node': ['-w', '--watch'],
  'react-router-serve': [],
};

/** The arguments of a package's command in a worker, and what was left out of them. */
export function workerArguments(
  name: string,
  args: readonly string[],
): { args: string[]; notTaken: string[] } {
  const dropped = DROPPED[name] ?? [];
  return {
    args: args.filter((word) => !dropped.includes(word)),
    // Reload is ours.
    notTaken: args.filter((word) => dropped.includes(word) && !/^(?:-w|--watch)$/.test(word)),
  };
}

function words(text: string): Set<string> {
  return new Set(text.split(' '));
}
