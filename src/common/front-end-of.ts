/** Which tool of the table serves a project, by its scripts or its packages. Pure. */
import { FRONT_ENDS, type FrontEnd } from './front-ends.ts';
import { commandsOf } from './script-commands.ts';

/** The scripts that may run a server, in the order in which they count. */
export const SCRIPT_NAMES = ['dev', 'start:dev', 'serve', 'start'] as const;

/** Frameworks of servers: a project that has one is hardly a front end alone. */
const SERVER_PACKAGES = new Set([
  ...[
    'express',
    'koa',
    'fastify',
    'hono',
    '@hono/node-server',
    '@nestjs/core',
    '@hapi/hapi',
    'restify',
    'polka',
  ],
  ...[
    'connect',
    'h3',
    'micro',
    '@apollo/server',
    'apollo-server',
    'graphql-yoga',
    'ws',
    'socket.io',
    'sails',
  ],
  ...['json-server', '@feathersjs/feathers', '@adonisjs/core', '@loopback/rest', '@trpc/server', 'elysia'],
]);

/** Commands of packages that serve files and nothing else. */
const FILE_SERVERS = new Set([
  'serve',
  'http-server',
  'sirv',
  'lite-server',
  'static-server',
  'ws',
  'superstatic',
]);

/** What package.json says that matters here; anything may be written there. */
export interface ProjectManifest {
  scripts: Readonly<Record<string, string>>;
  /** Names of all its packages. */
  packages: ReadonlySet<string>;
}

/** Reads package.json. Undefined if it is no JSON object. */
export function parseManifest(
  text: string,
): (ProjectManifest & { json: Record<string, unknown> }) | undefined {
  const json = parse(text);
  if (!isRecord(json)) return undefined;
  const scripts = Object.entries(isRecord(json.scripts) ? json.scripts : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].trim() !== '',
  );
  const packages = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap(
    (kind) => Object.keys(isRecord(json[kind]) ? json[kind] : {}),
  );
  return { json, scripts: Object.fromEntries(scripts), packages: new Set(packages) };
}

/** The tool that a script runs to serve; undefined if it runs none. Vite is called by the framework that it serves. */
export function frontEndOfScript(script: string, manifest: ProjectManifest): FrontEnd | undefined {
  for (const words of commandsOf(script, manifest.scripts)) {
    const tool = FRONT_ENDS.find((tool) => serves(tool, words));
    if (tool === undefined) continue;
    return tool.name === 'Vite' ? (frameworkOnVite(manifest) ?? tool) : tool;
  }
  return undefined;
}

/** The tool that a command runs to serve what it has not built before. */
export function servingTool(words: readonly string[]): FrontEnd | undefined {
  return FRONT_ENDS.find(
    (tool) => serves(tool, words) && !(tool.built && matches(words, tool.built.command, [])),
  );
}

/** Whether a script only serves files, such as what a front end's build has made. */
export function servesFiles(script: string, { scripts }: ProjectManifest): boolean {
  const commands = commandsOf(script, scripts);
  return commands.length > 0 && commands.every(([program = '']) => FILE_SERVERS.has(program));
}

/** Whether a command is one of a tool's that does not serve what was built. */
export function isToolOnly(words: readonly string[]): boolean {
  const built = FRONT_ENDS.some((tool) => tool.built && matches(words, tool.built.command, []));
  return !built && FRONT_ENDS.some(({ commands }) => commands.some((one) => one.split(' ')[0] === words[0]));
}

/** The tool of a project whose scripts name none, by its packages; undefined beside a server's framework. */
export function frontEndOfPackages({ packages }: ProjectManifest): FrontEnd | undefined {
  if ([...packages].some((name) => SERVER_PACKAGES.has(name))) return undefined;
  return FRONT_ENDS.find((tool) => tool.packages.some((name) => packages.has(name)));
}

/**
 * The tool that serves the project, if a script that counts runs one and none runs anything else. For a quick look,
 * without the disk.
 */
export function onlyFrontEnd(manifest: ProjectManifest): FrontEnd | undefined {
  const scripts = SCRIPT_NAMES.flatMap((name) => manifest.scripts[name] ?? []);
  if (scripts.length === 0) return frontEndOfPackages(manifest);
  const tools = scripts
    .filter((script) => !servesFiles(script, manifest))
    .map((script) => frontEndOfScript(script, manifest));
  return tools.includes(undefined) ? undefined : tools[0];
}

/** Whether the command serves what the tool has built, and the file that it needs for that. */
export function builtBy(tool: FrontEnd, script: string, { scripts }: ProjectManifest): string | undefined {
  const { built } = tool;
  if (built === undefined) return undefined;
  const runs = commandsOf(script, scripts).some((words) => matches(words, built.command, []));
  return runs ? built.needs : undefined;
}

/** The framework that Vite serves here. */
function frameworkOnVite({ packages }: ProjectManifest): FrontEnd | undefined {
  return FRONT_ENDS.find((tool) => tool.onVite && tool.packages.some((name) => packages.has(name)));
}

function serves({ commands, unless = [] }: FrontEnd, words: readonly string[]): boolean {
  return commands.some((command) => matches(words, command, unless));
}

function matches(words: readonly string[], command: string, unless: readonly string[]): boolean {
  const [program, argument] = command.split(' ');
  const [first = '', ...rest] = words;
  // `npx next@latest dev` runs a version.
  if (first.replace(/(?<=.)@[^/@]*$/, '') !== program) return false;
  if (argument === '*') return !rest.some((word) => unless.includes(word));
  if (argument?.startsWith('--')) {
    return rest.some((word) => word === argument || word.startsWith(`${argument}=`));
  }
  const given = rest[0] === undefined || rest[0].startsWith('-') ? undefined : rest[0];
  return given === argument;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
