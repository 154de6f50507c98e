/**
 * Checks the Python files with ruff and mypy, as pyproject.toml configures them: `npm run check:python`. With `--write`
 * it sorts imports and formats. Ruff comes with npm. Mypy comes with the system (Debian: `apt-get install mypy`); where
 * it is missing, that step is skipped, and says so.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { parse } from 'smol-toml';

const FOLDERS = ['python', 'test/python', 'test/fixtures/python'];

const write = process.argv.includes('--write');
const { ruff } = parse(fs.readFileSync('pyproject.toml', 'utf8')).tool;
const workspace = new Workspace(ruff, PositionEncoding.Utf32);
const files = FOLDERS.flatMap(pythonFiles);
const problems = files.flatMap(write ? fixed : problemsOf);
for (const problem of problems) console.error(problem);
console.log(`ruff ${Workspace.version()}: ${files.length} files, ${problems.length} problems`);
const passed = mypy();
process.exitCode = problems.length === 0 && passed ? 0 : 1;

function pythonFiles(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((name) => name.endsWith('.py'))
    .sort();
}

/** Ruff's messages about a file, and one if it is not formatted. */
function problemsOf(file) {
  const text = fs.readFileSync(file, 'utf8');
  const found = workspace
    .check(text)
    .map(
      ({ code, message, start_location: { row, column } }) => `${file}:${row}:${column} ${code} ${message}`,
    );
  if (workspace.format(text) !== text) found.push(`${file} is not formatted; run: npm run format`);
  return found;
}

/** Formats a file. @returns what is left to do by hand */
function fixed(file) {
  const text = fs.readFileSync(file, 'utf8');
  const formatted = workspace.format(text);
  if (formatted !== text) fs.writeFileSync(file, formatted);
  return problemsOf(file);
}

/** @returns whether the types are right, or could not be checked */
function mypy() {
  const { error, status, stdout, stderr } = spawnSync('mypy', [], { encoding: 'utf8' });
  if (error !== undefined) {
    console.log('mypy: skipped, it is not installed (Debian: apt-get install mypy)');
    return true;
  }
  console.log(`mypy: ${(stdout + stderr).trim()}`);
  return status === 0;
}
