/** The manifest in package.json and the code agree. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import { BUNDLE, bundleText } from '../../scripts/l10n.mjs';
import { COMMANDS, CONTEXT, ITEM, SECTION, TASK_TYPE, VIEW } from '../../src/extension/names.ts';
import {
  parseSettings,
  SETTINGS,
  type WrittenSettings,
} from '../../src/extension/settings/settings-model.ts';
import { DEFAULTS } from '../../src/protocol/config.ts';
import { GROUPS } from '../../src/protocol/settings/setting.ts';
import { parseConfig } from '../../src/protocol/validate/config.ts';

interface Property {
  default: unknown;
  order: number;
  scope: string;
  markdownDescription: string;
  type: string | string[];
  enum?: string[];
  enumDescriptions?: string[];
}

const text = fs.readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as {
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: Array<{ command: string; title: string; category?: string }>;
    menus: Record<string, Array<{ command: string; when?: string }>>;
    configuration: Array<{ title: string; order: number; properties: Record<string, Property> }>;
    views: Record<string, Array<{ id: string }>>;
    viewsWelcome: Array<{ view: string; contents: string; when: string }>;
    taskDefinitions: Array<{ type: string }>;
    problemMatchers: Array<{ pattern: Array<{ regexp: string }> }>;
  };
};
const nls = JSON.parse(fs.readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const properties: Record<string, Property> = Object.assign(
  {},
  ...contributes.configuration.map((group) => group.properties),
);
const location = { folder: '/home/me', cores: 2, seed: 1 };

describe('the manifest', () => {
  it('has the commands of the code, and no others', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).sort(),
      Object.values(COMMANDS).sort(),
    );
  });

  it('calls the command to run by its promised title', () => {
    const run = contributes.commands.find(({ command }) => command === COMMANDS.run);
    assert.equal(resolve(run?.title ?? ''), 'Run Concurrent Server');
    assert.equal(run?.category, undefined);
  });

  it('has the settings of the code, and no others', () => {
    assert.deepEqual(Object.keys(properties).sort(), SETTINGS.map((name) => `${SECTION}.${name}`).sort());
  });

  it('has the defaults of the code', () => {
    const written: WrittenSettings = {};
    for (const name of SETTINGS) written[name] = properties[`${SECTION}.${name}`]?.default;
    const settings = parseSettings(written, location);
    const bare = parseConfig({ cwd: '/home/me' }, { cwd: '/home/me', cores: 2, seed: 1 });
    assert.deepEqual(settings, {
      // The editor's settings are all given, as far as the server can tell.
      config: { ...bare, given: settings.config.given },
      seeded: false,
      runtime: undefined,
      autoStart: false,
      openOnStart: false,
    });
    assert.equal(bare.port, DEFAULTS.port);
    assert.equal(bare.maxWorkers, 4);
  });

  it('explains each choice', () => {
    for (const { enum: choices, enumDescriptions } of Object.values(properties)) {
      assert.equal(choices?.length, enumDescriptions?.length);
    }
  });

  it('describes each setting, under a title, in an order of its own, and links to settings that there are', () => {
    assert.deepEqual(
      contributes.configuration.map(({ title }) => resolve(title)),
      Object.values(GROUPS),
    );
    for (const group of contributes.configuration) {
      const orders = Object.values(group.properties).map(({ order }) => order);
      assert.equal(new Set(orders).size, orders.length);
    }
    for (const { markdownDescription } of Object.values(properties)) {
      for (const [, link] of resolve(markdownDescription).matchAll(/`#([^#]+)#`/g))
        assert.ok(link! in properties, link);
    }
  });

  it('names views, context keys and kinds of items that the code knows', () => {
    assert.deepEqual(
      Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id)),
      [VIEW],
    );
    assert.deepEqual(contributes.taskDefinitions, [{ type: TASK_TYPE, properties: {} }]);
    const known = new Set<string>([...Object.values(CONTEXT), VIEW]);
    const conditions = [
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? '')),
      ...contributes.viewsWelcome.map(({ when }) => when),
    ];
    for (const condition of conditions) {
      for (const [key] of condition.matchAll(/concurrentServer\.\w+/g)) assert.ok(known.has(key), key);
      for (const [, kind] of condition.matchAll(/viewItem [=!]~? ?=? ?\/?\^?(\w+)/g)) {
        assert.ok(Object.values(ITEM).includes(kind as 'server'), condition);
      }
    }
  });

  it('puts only its own commands into menus and links', () => {
    const known = new Set<string>(Object.values(COMMANDS));
    for (const { command } of Object.values(contributes.menus).flat()) assert.ok(known.has(command), command);
    for (const [, command] of (text + JSON.stringify(nls)).matchAll(
      /\(command:(concurrentServer\.[\w.]+)\)/g,
    )) {
      assert.ok(known.has(command!) || command === `${VIEW}.focus`, command);
    }
  });

  it('restricts what reaches a program, its arguments or its environment', () => {
    const restricted = new Set(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations);
    for (const name of [
      'entry',
      'cwd',
      'args',
      'nodeArgs',
      'env',
      'envFile',
      'runtime',
      'python',
      'autoStart',
    ]) {
      assert.ok(restricted.has(`${SECTION}.${name}`), name);
    }
    for (const name of ['runtime', 'python'])
      assert.equal(properties[`${SECTION}.${name}`]?.scope, 'machine-overridable');
  });

  it('has every text, and none that is not used', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(nls).sort());
  });

  it('has a bundle with every text of the code, and none that is not used', () => {
    assert.equal(fs.readFileSync(BUNDLE, 'utf8'), bundleText(), 'run: npm run l10n');
    assert.ok(fs.readFileSync('.vscodeignore', 'utf8').includes('!l10n/**'));
  });

  it('has a problem matcher that finds message, file and line of a stack', () => {
    const [matcher] = manifest.contributes.problemMatchers;
    const [first, second] = matcher?.pattern ?? [];
    const stack = [
      [
        'TypeError: no database',
        '    at Object.<anonymous> (/home/me/shop/server.js:3:7)',
        '/home/me/shop/server.js',
      ],
      ['Error: x', '    at file:///home/me/shop/server.mjs:3:7', '/home/me/shop/server.mjs'],
      ['Uncaught Error: x', '    at run (file:///C:/shop/server.mjs:3:7)', 'C:/shop/server.mjs'],
      ['RangeError: x', '    at async C:\\shop\\server.js:3:7', 'C:\\shop\\server.js'],
    ];
    for (const [message, frame, file] of stack) {
      assert.ok(new RegExp(first!.regexp).test(message!), message);
      const match = new RegExp(second!.regexp).exec(frame!);
      assert.deepEqual(match?.slice(1), [file, '3', '7']);
    }
    assert.ok(!new RegExp(second!.regexp).test('    at node:internal/modules/cjs/loader:1:2'));
  });

  it('does not say in a description when a setting takes effect', () => {
    for (const { markdownDescription } of Object.values(properties))
      assert.doesNotMatch(resolve(markdownDescription), /takes? effect/i);
  });

  it('is compiled against the oldest editor it runs in', () => {
    assert.ok(manifest.engines.vscode.startsWith(`^${manifest.devDependencies['@types/vscode']}`));
  });
});

function resolve(value: string): string {
  return value.replace(/^%(.+)%$/, (_whole, key: string) => nls[key] ?? '');
}
