import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PROTOCOL_VERSION } from '../../src/protocol/messages.ts';
import { SERVER_SETTINGS } from '../../src/protocol/settings/table.ts';
import { COMMAND_TYPES, parseCommand } from '../../src/protocol/validate/command.ts';
import { parseStart } from '../../src/protocol/validate/start.ts';

const page = readFileSync('docs/protocol.md', 'utf8');
const messages = readFileSync('src/protocol/messages.ts', 'utf8');
const raceMessages = readFileSync('src/protocol/race-messages.ts', 'utf8');
const errors = readFileSync('src/protocol/errors.ts', 'utf8');

/** The text of one declaration of a source, up to the next one that is exported. */
function declaration(source: string, start: string): string {
  const from = source.indexOf(start);
  assert.notEqual(from, -1, start);
  const end = source.indexOf('\nexport ', from + start.length);
  return source.slice(from, end < 0 ? undefined : end);
}

/** A section of the page, by its heading. */
function section(heading: string): string {
  const from = page.indexOf(`\n${heading}\n`);
  assert.notEqual(from, -1, `no section ${heading}`);
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  const end = page.indexOf(`\n${level}`, from + heading.length);
  return page.slice(from, end < 0 ? undefined : end);
}

function names(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))];
}

const events = names(declaration(messages, 'export type ServerEvent'), /type: '(\w+)'/g);
const commands = names(declaration(messages, 'export type Command'), /type: '(\w+)'/g);

describe('docs/protocol.md', () => {
  it('is compared with all declarations', () => {
    assert.ok(events.length >= 9 && commands.length >= 6, `${events} ${commands}`);
    assert.deepEqual([...commands].sort(), [...COMMAND_TYPES].sort());
  });

  for (const event of events) {
    it(`has a section on the event \`${event}\``, () => {
      assert.ok(section('## Events').includes(`\n### \`${event}\`\n`));
    });
  }

  for (const command of commands) {
    it(`has a section on the command \`${command}\``, () => {
      assert.ok(section('## Commands').includes(`\n### \`${command}\`\n`));
    });
  }

  for (const [type, heading] of [
    ['export interface WorkerStatus', '### `worker`'],
    ['export interface RequestRecord', '### `request`'],
    ['export interface StatusReport', '### `status`'],
  ] as const) {
    it(`explains every field of ${type.split(' ').at(-1)}`, () => {
      for (const field of names(declaration(messages, type), /^ {2}(\w+)\??:/gm)) {
        assert.ok(section(heading).includes(`\`${field}\``), field);
      }
    });
  }

  it('explains every state of a worker, every reason of an end and every code of an error', () => {
    const states = names(declaration(messages, 'export type WorkerState'), /'(\w+)'/g);
    const reasons = names(declaration(messages, 'export type StopReason'), /'([\w ]+)'/g);
    const codes = names(declaration(errors, 'export type ErrorCode'), /'(\w+)'/g);
    for (const name of states) assert.match(section('### `worker`'), new RegExp(`\\| \`${name}\` +\\|`));
    for (const name of reasons) assert.ok(section('### `stopped`').includes(`\`${name}\``), name);
    for (const name of codes) assert.match(section('## Errors'), new RegExp(`\\| \`${name}\` +\\|`));
    assert.ok(states.length > 5 && reasons.length > 2 && codes.length > 10);
  });

  it('explains the first message from Node by an example that is accepted, and by every field', () => {
    const text = section('### From Node: `start`');
    const example: unknown = JSON.parse(/```json\n([^`]+)```/.exec(text)![1]!);
    const { entry, workers, randomDelay } = parseStart(example, { cwd: '/', cores: 1, seed: 1 });
    assert.deepEqual([entry, workers, randomDelay.enabled], ['server.js', 2, true]);
    for (const [name] of SERVER_SETTINGS) assert.ok(text.includes(`| \`${name}\` |`), name);
  });

  it('has an example session in which every line is valid', () => {
    const lines = section('## An example session').split('\n');
    const said = lines.filter((line) => line.startsWith('← ')).map((line) => JSON.parse(line.slice(2)));
    const asked = lines.filter((line) => line.startsWith('→ ')).map((line) => JSON.parse(line.slice(2)));
    assert.ok(said.length > 5 && asked.length > 2);
    for (const event of said) {
      assert.equal(event.v, PROTOCOL_VERSION);
      assert.ok(events.includes(event.type), event.type);
    }
    for (const command of asked) assert.deepEqual(parseCommand(command), command);
    assert.equal(said.at(-1).type, 'stopped');
  });

  describe('on races', () => {
    const types = names(declaration(raceMessages, 'export type RaceMessage'), /type: '(\w+)'/g);

    const bodyOf = (type: string): string => {
      const [, body] = new RegExp(`interface ${type}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(raceMessages) ?? [];
      assert.ok(body, type);
      return body;
    };

    it('is compared with all messages', () => assert.ok(types.length >= 8, `${types}`));

    for (const type of types) {
      it(`has a section on \`${type}\`, with a line that is one`, () => {
        const text = section(`### Races: \`${type}\``);
        const lines = [...text.matchAll(/```json\n(.+)\n```/g)].map(([, line]) => JSON.parse(line!));
        assert.deepEqual(
          lines.map((line) => [line.v, line.type, line.scenario]),
          [[PROTOCOL_VERSION, type, 'coupon.http']],
        );
      });
    }

    it('explains every field', () => {
      const text = section('## Races');
      for (const type of [
        'RaceProgress',
        'RacesReport',
        'RaceCoverage',
        'RaceFinding',
        'RaceSchedule',
        'RaceSite',
      ]) {
        const fields = names(bodyOf(type), /^ {2}(\w+)\??:/gm);
        assert.ok(fields.length > 2, type);
        for (const field of fields) assert.ok(text.includes(`\`${field}\``), `${type}.${field}`);
      }
    });

    it('names every verdict, kind, severity and phase', () => {
      const text = section('## Races');
      const quoted = ['RaceProgress', 'RacesReport', 'RaceFinding', 'RaceStep'].flatMap((type) =>
        names(bodyOf(type), /'([\w-]+)'/g),
      );
      assert.ok(quoted.length > 20);
      for (const name of quoted) assert.ok(text.includes(`\`${name}\``), name);
    });
  });
});
