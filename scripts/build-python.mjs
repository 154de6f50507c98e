/** Copies the Python half to where the built server looks for it; nothing of it is compiled. */
import fs from 'node:fs';

fs.rmSync('dist/python', { recursive: true, force: true });
fs.cpSync('python', 'dist/python', {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});
