import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  parseCim,
  parseLsof,
  parseNetstat,
  parseProcNet,
  parseProcStat,
  parsePs,
} from '../../../../src/engine/process/os/parsers.ts';

describe('the output of system tools', () => {
  it('ps: pid, parent, start time, zombies and the whole command', () => {
    const rows = parsePs(`    1     0 Tue Nov 24 02:43:11 2026 Ss   /sbin/init
  731   700 Tue Nov  3 05:32:18 2026 Z+   [node] <defunct>
  812     1 Tue Nov 24 05:32:20 2026 S    /usr/bin/node server.js --name a  b
`);
    assert.deepEqual(rows[1], {
      pid: 731,
      ppid: 700,
      startTime: 'Tue Nov 3 05:32:18 2026',
      zombie: true,
      command: '[node] <defunct>',
    });
    assert.equal(rows[2]?.command, '/usr/bin/node server.js --name a  b');
    assert.equal(rows.length, 3);
  });

  it('/proc/PID/stat: a name with brackets and spaces does not shift the fields', () => {
    const stat =
      '4242 (evil) S 1 (x)) S 17 4242 4242 0 -1 4194560 1 0 0 0 5 2 0 0 20 0 11 0 998877 1079652352 11000 18446744073709551615';
    assert.deepEqual(parseProcStat(stat), { pid: 4242, ppid: 17, startTime: '998877', zombie: false });
    assert.equal(parseProcStat('nothing'), undefined);
  });

  it('CIM: tabs separate the fields, and a process may have no command line', () => {
    const rows = parseCim(
      '4\t0\t133765432100000000\t\r\n5120\t4820\t133765439876543210\t"C:\\Program Files\\nodejs\\node.exe" app.js\r\n\r\n',
    );
    assert.deepEqual(
      rows.map(({ pid, ppid, startTime }) => [pid, ppid, startTime]),
      [
        [4, 0, '133765432100000000'],
        [5120, 4820, '133765439876543210'],
      ],
    );
    assert.equal(rows[1]?.command, '"C:\\Program Files\\nodejs\\node.exe" app.js');
  });

  it('netstat: the listener of a port, whatever language the state has', () => {
    const text = `
  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    127.0.0.1:8000         127.0.0.1:50123        HERGESTELLT      777
  TCP    127.0.0.1:18000        0.0.0.0:0              ABHÖREN          1
  TCP    127.0.0.1:8000         0.0.0.0:0              ABHÖREN          5120
`;
    assert.equal(parseNetstat(text, 8000), 5120);
    assert.equal(parseNetstat(text, 8001), undefined);
  });

  it('lsof -F: the process of the first listener', () => {
    assert.equal(parseLsof('p512\nf23\n'), 512);
    assert.equal(parseLsof(''), undefined);
  });

  it('/proc/net/tcp: only sockets that listen on the port', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31415 1 0 100 0 0 10 0
   1: 0100007F:1F40 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 27182 1 0 20 4 30 10 -1`;
    assert.deepEqual(parseProcNet(text, 8000), ['31415']);
    assert.deepEqual(parseProcNet(text, 80), []);
  });
});
