/**
 * Writes the numbers of the wire for Python from TypeScript's: `npm run wire`. They are defined in src/wire and
 * src/engine/workers/python; a test compares the written file with them.
 */
import fs from 'node:fs';
import { build } from 'esbuild';

/** Path of the written file from the root. */
export const CONSTANTS = 'python/concurrent_server/wire/constants.py';

const FRAMES = 'src/wire/frames.ts';
const MARKER = 'src/wire/marker.ts';
const OUTPUT_MARKS = 'src/wire/output-marks.ts';
const BOOT_DATA = 'src/engine/workers/python/boot-data.ts';
const LANE_FRAMES = 'src/engine/workers/python/wsgi/lane-frames.ts';

/** The text of the file as it should be. */
export async function constantsText() {
  const frames = await load(FRAMES);
  const marker = await load(MARKER);
  const marks = await load(OUTPUT_MARKS);
  const boot = await load(BOOT_DATA);
  const lanes = await load(LANE_FRAMES);
  return [
    '"""The numbers of the wire. Written by `npm run wire` from the TypeScript files below; do not edit."""\n',
    values(FRAMES, frames, [
      'FRAME_HEADER_BYTES',
      'MAX_DATA_BYTES',
      'STREAM_WINDOW_BYTES',
      'CREDIT_STEP_BYTES',
    ]),
    values(OUTPUT_MARKS, marks, ['MAX_MARKED_BYTES']),
    values(MARKER, marker, ['MARKER_FD', 'MARKER_VARIABLE']),
    values(BOOT_DATA, boot, ['BOOT_VARIABLE', 'CONTROL_FD', 'WATCHDOG_FD']),
    types('Wire', 'Types of frames on the wire of an ASGI app.', FRAMES, frames.Frame),
    types('Lane', 'Types of frames on the lane of a WSGI app.', LANE_FRAMES, lanes.LaneFrame),
    types('ResponseFlag', "Which headers a response's head has.", LANE_FRAMES, lanes.ResponseFlag),
  ].join('');
}

/** Numbers and names of one file. */
function values(source, module, names) {
  const lines = names.map((name) => {
    const value = module[name];
    if (typeof value !== 'number' && typeof value !== 'string') throw new Error(`${source} has no ${name}`);
    return `${name} = ${JSON.stringify(value)}`;
  });
  return `\n# ${source}\n${lines.join('\n')}\n`;
}

/** A table of numbers as a class. */
function types(name, purpose, source, table) {
  const lines = Object.entries(table).map(([type, number]) => `    ${type} = ${number}`);
  return `\n\nclass ${name}:\n    """${purpose} See ${source}."""\n\n${lines.join('\n')}\n`;
}

/** The exports of a TypeScript file. Node 20 can't import one, so it is bundled in memory. */
async function load(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

if (process.argv[1]?.endsWith('wire-constants.mjs')) fs.writeFileSync(CONSTANTS, await constantsText());
