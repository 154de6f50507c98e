/** Racy cases whose state is in files. ../cases.mjs explains the fields. */
export const IN_FILES = [
  {
    name: 'guestbook-json',
    about: 'Koa, a class, fs.promises: a JSON file is read, changed and written.',
    kind: ['wrong-state'],
    topology: 'both',
    args: ['--state', 'data'],
    inTests: true,
  },
  {
    name: 'poll-callbacks',
    about:
      'node:http in the style of 2012: a text file of counts is opened, read and written by named callbacks.',
    kind: ['wrong-state'],
    topology: 'both',
    args: ['--state', 'votes.txt'],
  },
  {
    name: 'slug-check',
    about: 'Express, ESM: a name is free if its file is not there; then the file is written.',
    kind: ['double-effect', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'pages'],
  },
  {
    name: 'profile-atomic-write',
    about: 'Fastify: an atomic write whose temporary file has the name of the process, not of the call.',
    kind: ['error-only', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'data'],
    from: 'apmantza/pi-lens#1205 https://github.com/apmantza/pi-lens/issues/1205',
  },
  {
    name: 'export-scratch',
    about: 'Express, only synchronous calls: all workers write their export into one scratch file.',
    kind: ['other-users-data', 'wrong-state'],
    topology: 'many',
    args: ['--state', 'tmp'],
  },
  {
    name: 'visits-sync',
    about: 'node:http, only synchronous calls: two workers count visits in one file.',
    kind: ['wrong-state', 'error-only'],
    topology: 'many',
    args: ['--state', 'data'],
    inTests: true,
  },
  {
    name: 'lowdb-tasks',
    about: 'lowdb, Koa with a router, ESM: each request reads, changes and writes the database.',
    kind: ['wrong-state'],
    topology: 'both',
    repeat: 20,
    args: ['--state', 'db.json'],
    from: 'typicode/lowdb#478 https://github.com/typicode/lowdb/issues/478',
  },
  {
    name: 'upload-original-name',
    about: 'multer: uploads are stored under the names that their senders gave, until they are read.',
    kind: ['other-users-data', 'wrong-state', 'error-only'],
    topology: 'one',
    from: 'nvxdm/nestjs-form-data#16 https://github.com/nvxdm/nestjs-form-data/issues/16',
  },
  {
    name: 'album-mkdir',
    about:
      'node:http with callbacks: a folder that is not there is made; if another request was faster, the process dies.',
    kind: ['crash', 'error-only', 'wrong-state'],
    topology: 'both',
    args: ['--state', 'albums'],
    from: 'jonvuri/mkpath#1 https://github.com/jonvuri/mkpath/issues/1',
  },
];
