/** The table of settings is consistent, and its products match it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SETTINGS_FILES } from '../../scripts/settings/files.ts';
import { attributeOf, createParser, labelOf } from '../../src/cli/arguments/options.ts';
import { SWITCHES } from '../../src/cli/arguments/switches.ts';
import { SETTINGS as OF_VSCODE, settingOf } from '../../src/extension/settings/settings-model.ts';
import { OVERRIDABLE, type ServerConfig, toWritten } from '../../src/protocol/config.ts';
import { setValueAt } from '../../src/protocol/settings/paths.ts';
import type { Setting } from '../../src/protocol/settings/setting.ts';
import { ALL_SETTINGS, SERVER_SETTINGS } from '../../src/protocol/settings/table.ts';
import { parseConfig } from '../../src/protocol/validate/config.ts';
import { Fields } from '../../src/protocol/validate/fields.ts';
import { readSetting } from '../../src/protocol/validate/settings.ts';

const SURROUNDINGS = { cwd: path.resolve('/apps/shop'), cores: 8, seed: 7 };

describe('the table of settings', () => {
  for (const [name, setting] of ALL_SETTINGS) {
    it(`has a default of ${name} that is allowed, and words in plain sentences`, () => {
      const standard = 'default' in setting ? setting.default : undefined;
      const value =
        typeof standard === 'object' && 'of' in standard && typeof standard.of === 'function'
          ? standard.of(SURROUNDINGS, { workers: 4 })
          : standard;
      const fields = new Fields({ value }, { refuse: (...parts) => new Error(parts.join()) as never });
      assert.deepEqual(readSetting(fields, 'value', setting), value);
      assert.match(setting.words, /^[A-Z`].*\.$/);
      assert.doesNotMatch(setting.words, /\b(?:anew|mended|of ours|takes effect)\b/i);
    });
  }

  it('contains every option except switches, each once', () => {
    const flags = ALL_SETTINGS.flatMap(([, { cli }]) => (cli !== undefined && 'flag' in cli ? [cli] : []));
    const ours = [...flags, ...SWITCHES].map(attributeOf);
    assert.equal(new Set(ours).size, ours.length);
    assert.deepEqual(
      createParser()
        .options.map((option) => option.attributeName())
        .sort(),
      ours.sort(),
    );
  });

  it('contains every setting of VS Code, each once', () => {
    const names = ALL_SETTINGS.flatMap(([name, { vscode }]) =>
      vscode === undefined ? [] : [settingOf(name)],
    );
    assert.deepEqual(
      OF_VSCODE.map((name) => `concurrentServer.${name}`),
      names,
    );
    assert.equal(new Set(names).size, names.length);
  });

  it('has a name for messages for each setting of the command line', () => {
    assert.equal(labelOf('randomDelay.min'), '--random-delay');
    assert.equal(labelOf('overlap'), '--overlap');
    assert.equal(labelOf('stopTimeoutMs'), '--stop-timeout');
    assert.equal(labelOf('addr'), 'address');
  });

  it('names the settings of a Django project that the Python half reads', () => {
    const file = fs
      .readdirSync('python', { recursive: true })
      .map(String)
      .find((name) => path.basename(name) === 'django_project.py');
    const read = fs.readFileSync(path.join('python', file!), 'utf8').match(/"(?:CONCURRENT|RUNSERVER)_\w+"/g);
    const ours = ALL_SETTINGS.flatMap(([, { django }]) => (django === undefined ? [] : [`"${django}"`]));
    assert.deepEqual([...new Set(read)].sort(), ours.sort());
    assert.deepEqual(OVERRIDABLE, ['addr', 'port', 'mode', 'randomDelay']);
  });

  for (const [name, textOf] of Object.entries(SETTINGS_FILES)) {
    it(`matches ${name}`, () => {
      const text = fs.readFileSync(name, 'utf8');
      assert.equal(textOf(text), text, 'run: npm run settings');
    });
  }
});

describe('a configuration that is written and parsed', () => {
  it('is unchanged', () => {
    fc.assert(
      fc.property(inputs(), (input) => {
        const config = validOrNot(input);
        fc.pre(config !== undefined);
        const sent: unknown = JSON.parse(JSON.stringify(toWritten(config)));
        // The other side's machine has other defaults.
        assert.deepEqual(parseConfig(sent, { cwd: path.resolve('/other'), cores: 1, seed: 0 }), config);
      }),
      { numRuns: 500 },
    );
  });
});

/** Any of the server's settings, with values that their own limits allow. */
function inputs(): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.fromEntries(
    SERVER_SETTINGS.map(([name, setting]) => [name, anyValue(name, setting)]),
  );
  return fc.record(values, { requiredKeys: [] }).map((flat) => {
    const input: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(flat)) setValueAt(input, name, value);
    return input;
  });
}

function anyValue(name: string, setting: Setting): fc.Arbitrary<unknown> {
  switch (setting.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: setting.min, max: Math.min(setting.max, 70_000) });
    case 'choice':
      return fc.constantFrom(...Object.keys(setting.choices));
    case 'text':
      return name === 'cwd' ? fc.constant(path.resolve('/a b')) : fc.constantFrom('::1', 'my.test', 'x');
    case 'list':
      return fc.array(
        fc.constantFrom('/a', '.b', 'POST /c', 'views/**').filter((item) => setting.fits?.(item) ?? true),
        { maxLength: 3 },
      );
    case 'map':
      return fc.dictionary(
        fc.string(),
        fc.string().map((text) => text.replaceAll('\0', '')),
      );
  }
}

/** Undefined for settings that contradict each other. */
function validOrNot(input: unknown): ServerConfig | undefined {
  try {
    return parseConfig(input, SURROUNDINGS);
  } catch {
    return undefined;
  }
}
