/** What a script of package.json says: how Node is to run which file. Nothing here is looked up on the disk yet. */

/** What makes Node understand a language: loaded before the app, from the app's folder. */
export interface RunnerUse {
  name: RunnerName;
  /** As in the script: `tsx`, `ts-node --transpile-only`. */
  label: string;
  /** The runner's own settings, which it also reads from its variables. */
  env: Record<string, string>;
  transpileOnly?: boolean;
  /** The app's modules are ES modules, whatever package.json says. */
  esm?: boolean;
  /** Endings that Babel is to transform. */
  extensions?: string[];
}

export type RunnerName = 'tsx' | 'ts-node' | 'swc-node' | 'babel-node' | 'sucrase' | 'esbuild-register';

export interface EnvFileUse {
  /** Relative to the folder of package.json, or absolute. */
  file: string;
  /** A file that is not there is no error. */
  optional: boolean;
  /** Its variables win over those of the surrounding environment. */
  overrides: boolean;
}

/** How a script runs its server, as far as it was understood. */
export interface ScriptPlan {
  /** Folder of the package.json that has the script; the app runs in it. */
  folder: string;
  env: Record<string, string>;
  envFiles: EnvFileUse[];
  nodeArgs: string[];
  runner?: RunnerUse;
  /** A file relative to `folder`, or the file of a package's command. */
  program: { file: string } | { command: string; file: string };
  args: string[];
  /** What is left out, in words of the script, such as `--inspect`. */
  notTaken: string[];
}

/** Undefined `plan`: no server was found in it. */
export type ScriptReading = { plan: ScriptPlan; why?: undefined } | NoServer;

interface NoServer {
  plan?: undefined;
  why: string;
  /** The script runs this command of a package, which is not installed. */
  missing?: string;
  /** What `why` says would make the script work here, so whoever gets another app instead should read it. */
  advises?: true;
}

/** What is known while the words of a script are read. */
export type Draft = Omit<ScriptPlan, 'program' | 'args'>;

export function emptyDraft(folder: string): Draft {
  return { folder, env: {}, envFiles: [], nodeArgs: [], notTaken: [] };
}

/** A draft with more in it; lists and variables are added, the rest is replaced. */
export function withMore(draft: Draft, more: Partial<Draft>): Draft {
  return {
    ...draft,
    ...more,
    env: { ...draft.env, ...more.env },
    envFiles: [...draft.envFiles, ...(more.envFiles ?? [])],
    nodeArgs: [...draft.nodeArgs, ...(more.nodeArgs ?? [])],
    notTaken: [...draft.notTaken, ...(more.notTaken ?? [])],
  };
}

/** What a project has, for the reader of its scripts. */
export interface Project {
  folder: string;
  /** Scripts of package.json. */
  scripts: Readonly<Record<string, string>>;
  /** `main` of package.json. */
  main: string | undefined;
  /** Variables a script may refer to. */
  variables(name: string): string | undefined;
  /** A file of the project as JSON; undefined where it is none. */
  json(file: string): unknown;
  /** Absolute path of the JavaScript file behind a package's command; undefined where it is not installed. */
  command(name: string): string | undefined;
  /** Whether a package is installed. */
  has(name: string): boolean;
  /** The project in another folder, named relative to this one; undefined where there is no package.json. */
  at(folder: string): Project | undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
