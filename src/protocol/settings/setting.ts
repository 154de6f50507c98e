/** The form of an entry in the table of settings. The table is in the files beside this one, joined in table.ts. */

/** The titles under which settings are shown, in their order. */
export const GROUPS = {
  app: 'App',
  address: 'Address',
  workers: 'Workers',
  randomDelay: 'Random Delay',
  overlap: 'Overlap',
  reload: 'Reload',
  runtime: 'Node and Python',
  startStop: 'Start and Stop',
} as const;

export type Group = keyof typeof GROUPS;

/** When a change of a setting takes effect, with a text about a running server. */
export const EFFECTS = {
  'at once': 'A running server takes the change at once.',
  'new workers': 'A running server takes the change at once and replaces its workers.',
  'next start': 'The server has to be started again. VS Code offers to do it.',
  'next time': 'VS Code reads it the next time it opens the folder or starts the server.',
} as const;

type Effect = keyof typeof EFFECTS;

/** The facts from which machine-dependent defaults are computed. */
export interface Surroundings {
  /** Absolute path of the current folder. */
  cwd: string;
  /** Cores that can be used. */
  cores: number;
  /** The seed if none is given. */
  seed: number;
}

/** A default that depends on the machine or on another setting. */
interface Computed<T> {
  /** Plain words for documentation. */
  words: string;
  of(surroundings: Surroundings, given: { workers: number }): T;
}

/** An option of the command line, for its parser. */
export interface Option {
  /** The long option with its argument, such as `--workers <n>`. */
  flag: string;
  /** One short line for `--help`. The default is added to it. */
  help: string;
  /** The text already names the default, or there is none to name. */
  namesDefault?: true;
  /** For programs only: not in `--help`. */
  hidden?: true;
  /** Markdown for docs/cli.md. If absent, the words of the setting. */
  about?: string;
  /** A repeated value may also be written with commas. */
  commas?: true;
}

/** A setting that has no option of its own: an argument, or a part of another setting's option. */
interface PartOfLine {
  /** Its name in messages. */
  label: string;
}

interface SettingBase {
  group: Group;
  takesEffect: Effect;
  /** What it does: plain Markdown. `{name}` stands for another setting. */
  words: string;
  /** Absent if the command line cannot set it. */
  cli?: Option | PartOfLine;
  /** Absent if it is not a setting of VS Code. */
  vscode?: {
    /** Its name in VS Code, if it differs from the name in the table. */
    name?: string;
    /** Shown beside an invalid value. */
    invalid?: string;
    /** An untrusted folder cannot set it: it reaches a program, its arguments or the network. */
    restricted?: true;
    /** Names a program of this machine, so it is not synchronized. */
    ofMachine?: true;
  };
  /** The setting of a Django project that changes the default. */
  django?: string;
  /** The driver of the server uses it itself: it is not part of the server's configuration. */
  ofDriver?: true;
}

interface BooleanSetting extends SettingBase {
  type: 'boolean';
  default: boolean;
}

interface IntegerSetting extends SettingBase {
  type: 'integer';
  min: number;
  max: number;
  default: number | Computed<number>;
  /** The word `auto` stands for the default. */
  auto?: true;
  /** A further rule, and a text that says which values it allows. */
  rule?: { fits(value: number): boolean; allowed: string };
}

interface ChoiceSetting extends SettingBase {
  type: 'choice';
  /** Each value with its meaning. */
  choices: Readonly<Record<string, string>>;
  default: string;
}

interface TextSetting extends SettingBase {
  type: 'text';
  /** Absent if the setting may be absent, too. */
  default?: string | Computed<string>;
  rule?: { fits(value: string): boolean; allowed: string };
}

interface ListSetting extends SettingBase {
  type: 'list';
  default: readonly string[];
  /** The allowed form of each item. */
  allowed: string;
  fits?(item: string): boolean;
}

interface MapSetting extends SettingBase {
  type: 'map';
  default: Readonly<Record<string, string>>;
}

export type Setting =
  | BooleanSetting
  | IntegerSetting
  | ChoiceSetting
  | TextSetting
  | ListSetting
  | MapSetting;

export type Settings = Readonly<Record<string, Setting>>;
