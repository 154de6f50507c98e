/** Next.js, built and by a server of one’s own. */
import type { Project } from '../project.ts';

const group = 'Full-stack frameworks';
const NEXT =
  "npx create-next-app@16 app --ts --no-eslint --no-tailwind --app --no-src-dir --import-alias '@/*' --use-npm --disable-git --yes";

const NEXT_SERVER = `const { createServer } = require('node:http');
const next = require('next');

const port = Number(process.env.PORT || 3000);
const app = next({ dev: process.env.NODE_ENV !== 'production', port });
const handle = app.getRequestHandler();
app.prepare().then(() => createServer((request, response) => handle(request, response)).listen(port));
`;

/** The generated one takes fonts from the internet. */
const LAYOUT = `export const metadata = { title: 'Next' };

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;

const NEXT_API = `export async function POST(request) {
  return Response.json({ got: await request.json() });
}

export async function GET(request) {
  return new Response('an answer to ' + new URL(request.url).pathname);
}
`;

const JSON_TYPE = { 'content-type': 'application/json' };

const JSON_POST = { method: 'POST', path: '/api/echo', headers: JSON_TYPE, body: '{"a":1}' };

export const next: readonly Project[] = [
  {
    kind: 'served',
    name: 'next-built',
    title: 'Next.js, built, `next start`',
    group,
    get: [
      { run: NEXT },
      { files: { 'app/app/layout.tsx': LAYOUT, 'app/app/api/echo/route.js': NEXT_API } },
      { run: 'cd app && sed -i \'s/"dev": "next dev",//\' package.json && npm run build' },
    ],
    folder: 'app',
    versions: ['next', 'react'],
    bare: 'next start -p $PORT',
    requests: [{ path: '/' }, { path: '/missing' }, { path: '/next.svg' }, { path: '/api/echo' }, JSON_POST],
    startS: 60,
    note: '`next dev` is taken out of package.json, since a project that has it is served by that.',
  },
  {
    kind: 'served',
    name: 'next-server',
    title: 'Next.js, custom `server.js`, built',
    group,
    get: [
      { run: NEXT },
      {
        files: {
          'app/app/layout.tsx': LAYOUT,
          'app/app/api/echo/route.js': NEXT_API,
          'app/server.js': NEXT_SERVER,
        },
      },
      { run: `cd app && npm pkg set scripts.dev='NODE_ENV=production node server.js' && npm run build` },
    ],
    folder: 'app',
    versions: ['next', 'react'],
    bare: 'NODE_ENV=production node server.js',
    requests: [{ path: '/' }, { path: '/missing' }, { path: '/next.svg' }, { path: '/api/echo' }, JSON_POST],
    startS: 60,
  },
  {
    kind: 'served',
    name: 'next-server-dev',
    title: 'Next.js, custom `server.js`, development',
    group,
    get: [
      { run: NEXT },
      {
        files: {
          'app/app/layout.tsx': LAYOUT,
          'app/app/api/echo/route.js': NEXT_API,
          'app/server.js': NEXT_SERVER,
        },
      },
      { run: `cd app && npm pkg set scripts.dev='node server.js'` },
    ],
    folder: 'app',
    versions: ['next', 'react'],
    bare: 'node server.js',
    requests: [{ path: '/' }, { path: '/missing' }, { path: '/next.svg' }, { path: '/api/echo' }, JSON_POST],
    change: { file: 'app/api/echo/route.js', from: 'an answer', to: 'a moon', path: '/api/echo' },
    state: ['.next'],
    masks: ['\\d{13}', '\\?v=\\w+'],
    startS: 90,
  },
];
