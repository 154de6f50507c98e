/** The subjects of the Python benchmark: each is a command that serves bench/apps/django on a port. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const project = join(here, 'apps', 'django');
const cli = join(here, '..', 'dist', 'cli.js');
const WSGI = 'bench_site.wsgi';

const ours =
  (...options) =>
  ({ node, python, port }) => [
    node,
    cli,
    'manage.py',
    String(port),
    '--python',
    python,
    '--quiet',
    ...options,
  ];
const module =
  (name, ...words) =>
  ({ python, port }) => [python, '-m', name, ...words.map((word) => word.replace('PORT', String(port)))];
const gunicorn = (...words) =>
  module('gunicorn.app.wsgiapp', '-b', '127.0.0.1:PORT', '-w', '2', ...words, WSGI);

/** Subjects that reload on save, with a part of the argv in {@link PYTHON_SUBJECTS}. */
export const PYTHON_RELOADERS = {
  runserver: {
    label: 'manage.py runserver',
    argv: ({ python, port }) => [python, 'manage.py', 'runserver', `127.0.0.1:${port}`],
  },
  fork: {
    label: 'concurrent-server manage.py --mode fork, 2 workers',
    ours: true,
    argv: ours('--mode', 'fork', '--workers', '2'),
  },
  thread: { label: 'concurrent-server manage.py, one process of threads', ours: true, argv: ours() },
};

/** By name; `closes` marks those that end a connection with each answer. */
export const PYTHON_SUBJECTS = {
  runserver: {
    label: 'manage.py runserver --noreload',
    argv: ({ python, port }) => [python, 'manage.py', 'runserver', '--noreload', `127.0.0.1:${port}`],
  },
  sync: { label: 'gunicorn, 2 sync workers', closes: true, argv: gunicorn() },
  gthread: { label: 'gunicorn, 2 gthread workers with 8 threads', argv: gunicorn('--threads', '8') },
  waitress: {
    label: 'waitress, its 4 threads',
    argv: module('waitress', '--listen=127.0.0.1:PORT', `${WSGI}:application`),
  },
  fork: {
    label: 'concurrent-server manage.py --mode fork, 2 workers',
    argv: ours('--mode', 'fork', '--workers', '2', '--max-workers', '2'),
  },
  thread: { label: 'concurrent-server manage.py, one process of threads', argv: ours() },
};
