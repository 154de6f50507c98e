/** Copies the Python half to dist/python, where the built server finds it. Nothing is compiled. */
import fs from 'node:fs';

fs.rmSync('dist/python', { recursive: true, force: true });
fs.cpSync('python', 'dist/python', {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});
