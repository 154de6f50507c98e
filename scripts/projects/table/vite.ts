/** Full-stack frameworks that build with Vite. */
import type { Project } from '../project.ts';

const group = 'Full-stack frameworks';
const INSTALL = 'npm install --no-audit --no-fund --loglevel=error';

const VITE_SSR = [
  { run: 'npx create-vite-extra@latest app --template ssr-react-ts' },
  { run: `cd app && ${INSTALL}` },
] as const;

const REACT_ROUTER = [
  { github: 'remix-run/react-router-templates', folders: ['node-custom-server'] },
  { run: `cd node-custom-server && ${INSTALL}` },
] as const;

const SVELTEKIT = [
  { run: 'npx sv create app --template minimal --types ts --no-add-ons --install npm' },
  { run: 'cd app && npm install --no-audit --no-fund --loglevel=error -D @sveltejs/adapter-node@5' },
  {
    run: `cd app && f=$(ls svelte.config.js vite.config.ts 2>/dev/null | xargs grep -l adapter-auto | head -1) && sed -i s/adapter-auto/adapter-node/ $f`,
  },
] as const;

const JSON_TYPE = { 'content-type': 'application/json' };

const JSON_POST = { method: 'POST', path: '/api/echo', headers: JSON_TYPE, body: '{"a":1}' };

const ASTRO_PAGE = `---
export const prerender = false;
const name = Astro.url.searchParams.get('name') ?? 'world';
---
<html lang="en"><head><title>Astro</title></head><body><h1>Hello {name}</h1></body></html>
`;

const ASTRO = [
  {
    files: {
      'package.json':
        '{ "private": true, "type": "module", "scripts": { "dev": "astro dev", "build": "astro build", "start": "node ./dist/server/entry.mjs" } }',
      'astro.config.mjs': `import node from '@astrojs/node';\nimport { defineConfig } from 'astro/config';\n\nexport default defineConfig({ output: 'server', adapter: node({ mode: 'standalone' }), security: { checkOrigin: false } });\n`,
      'src/pages/index.astro': ASTRO_PAGE,
      'src/pages/echo.ts': `export const prerender = false;\nexport const POST = async ({ request }: { request: Request }) => new Response(await request.text(), { status: 201 });\n`,
    },
  },
  { npm: ['astro', '@astrojs/node'] },
] as const;

const NUXT = [
  {
    files: {
      'package.json':
        '{ "private": true, "type": "module", "scripts": { "dev": "nuxt dev", "build": "nuxt build" } }',
      'nuxt.config.ts': "export default defineNuxtConfig({ compatibilityDate: '2026-01-01' });\n",
      'app.vue': '<template><h1>Hello world</h1></template>\n',
      'server/api/echo.post.ts':
        'export default defineEventHandler(async (event) => ({ got: await readBody(event) }));\n',
    },
  },
  { npm: ['nuxt@4', 'vue', 'vue-router'] },
] as const;

export const vite: readonly Project[] = [
  {
    kind: 'served',
    name: 'vite-ssr',
    title: 'Vite SSR, `ssr-react-ts`, development',
    group,
    node: 'pinned',
    get: VITE_SSR,
    folder: 'app',
    versions: ['vite', 'express', 'react'],
    bare: 'node server',
    requests: [
      { path: '/' },
      { path: '/src/App.tsx' },
      { path: '/vite.svg' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    masks: ['\\?t=\\d+', '\\?v=\\w+'],
    change: { file: 'src/App.tsx', from: 'Get started', to: 'Get moving', path: '/' },
  },
  {
    kind: 'served',
    name: 'vite-ssr-built',
    title: 'Vite SSR, `ssr-react-ts`, built',
    group,
    node: 'pinned',
    get: [
      ...VITE_SSR,
      { run: `cd app && npm run build && npm pkg set scripts.dev='NODE_ENV=production node server'` },
    ],
    folder: 'app',
    versions: ['vite', 'express', 'react'],
    bare: 'NODE_ENV=production node server',
    requests: [
      { path: '/' },
      { path: '/vite.svg' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    change: { file: 'src/App.tsx', from: 'Get started', to: 'Get moving', path: '/', build: 'npm run build' },
  },
  {
    kind: 'served',
    name: 'react-router',
    title: 'React Router, `node-custom-server`, development',
    group,
    node: 'pinned',
    get: REACT_ROUTER,
    folder: 'node-custom-server',
    versions: ['react-router', 'vite', 'express'],
    bare: 'cross-env NODE_ENV=development node --conditions development server.js',
    requests: [
      { path: '/' },
      { path: '/favicon.ico' },
      { path: '/missing' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    masks: ['\\?t=\\d+', '\\?v=\\w+', '"expires":\\d+'],
    change: { file: 'app/routes/home.tsx', from: 'New React Router App', to: 'New Moon App', path: '/' },
    startS: 60,
  },
  {
    kind: 'served',
    name: 'react-router-built',
    title: 'React Router, `node-custom-server`, built',
    group,
    node: 'pinned',
    get: [...REACT_ROUTER, { run: 'cd node-custom-server && npm run build && npm pkg delete scripts.dev' }],
    folder: 'node-custom-server',
    versions: ['react-router', 'vite', 'express'],
    bare: 'NODE_ENV=production node server.js',
    env: { NODE_ENV: 'production' },
    requests: [
      { path: '/' },
      { path: '/favicon.ico' },
      { path: '/missing' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    change: {
      file: 'app/routes/home.tsx',
      from: 'New React Router App',
      to: 'New Moon App',
      path: '/',
      build: 'npm run build',
    },
  },
  {
    kind: 'served',
    name: 'sveltekit',
    title: 'SvelteKit with adapter-node, built',
    group,
    node: 'pinned',
    get: [...SVELTEKIT, { run: 'cd app && npm run build' }],
    folder: 'app',
    versions: ['@sveltejs/kit', '@sveltejs/adapter-node', 'svelte'],
    bare: 'node build',
    ours: ['build'],
    requests: [
      { path: '/' },
      { path: '/missing' },
      {
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'a=1',
      },
    ],
    change: {
      file: 'src/routes/+page.svelte',
      from: 'Welcome to SvelteKit',
      to: 'Welcome to the moon',
      path: '/',
      build: 'npm run build',
    },
  },
  {
    kind: 'served',
    name: 'astro',
    title: 'Astro, node standalone, built',
    group,
    node: 'pinned',
    get: [...ASTRO, { run: 'npm run build && npm pkg delete scripts.dev' }],
    versions: ['astro', '@astrojs/node'],
    bare: 'node ./dist/server/entry.mjs',
    requests: [
      { path: '/' },
      { path: '/?name=you' },
      { path: '/missing' },
      { method: 'POST', path: '/echo', body: 'text' },
    ],
    change: {
      file: 'src/pages/index.astro',
      from: 'Hello {name}',
      to: 'Good day {name}',
      path: '/',
      sees: 'Good day world',
      build: 'npm run build',
    },
  },
  {
    kind: 'served',
    name: 'nuxt',
    title: 'Nuxt, built',
    group,
    node: 'pinned',
    get: [...NUXT, { run: 'npm run build' }],
    versions: ['nuxt', 'vue'],
    bare: 'node .output/server/index.mjs',
    ours: ['.output/server/index.mjs'],
    requests: [{ path: '/' }, { path: '/missing' }, { ...JSON_POST }],
    masks: ['[0-9a-f]{8}-[0-9a-f-]{27}', 'prerenderedAt:\\d+'],
    change: { file: 'app.vue', from: 'Hello world', to: 'Hello moon', path: '/', build: 'npm run build' },
  },
];
