/** The one table of the tools that serve a front end, or a whole project, by a development server of their own. */

export interface FrontEnd {
  /** As people call it. */
  name: string;
  /**
   * Its commands that serve: the program, then a first argument. The program alone stands for the program with no
   * argument but options; `PROGRAM *` for any argument that is not in `unless`, `PROGRAM --flag` for that option.
   */
  commands: readonly string[];
  /** First arguments with which the program serves nothing. */
  unless?: readonly string[];
  /** It runs as a plugin of Vite, by Vite's commands. */
  onVite?: true;
  /** The packages of a project that it serves. A tool without any is known by its commands alone. */
  packages: readonly string[];
  /** Where it is told to pass requests on to an API. */
  proxy?: string;
  /** A command that serves what it has built, and the file without which it can't. */
  built?: { command: string; needs: string };
}

const VITE_PROXY = 'server.proxy in vite.config';
const NO_SERVER = [
  'build',
  'optimize',
  'check',
  'lint',
  'sync',
  'generate',
  'prepare',
  'info',
  'help',
  'add',
];
const WEBPACK_PROXY = 'devServer.proxy in webpack.config.js';

/** A project may have several of these packages: the first counts, so frameworks come before what they are made of. */
export const FRONT_ENDS: readonly FrontEnd[] = [
  {
    name: 'Next.js',
    commands: ['next', 'next dev', 'next start'],
    packages: ['next'],
    proxy: 'rewrites in next.config.js',
    built: { command: 'next start', needs: '.next/BUILD_ID' },
  },
  {
    name: 'Nuxt',
    commands: ['nuxt *', 'nuxi *'],
    unless: [...NO_SERVER, 'module', 'analyze', 'cleanup', 'typecheck'],
    packages: ['nuxt', 'nuxt3', 'nuxt-edge'],
    proxy: 'nitro.devProxy in nuxt.config',
  },
  {
    name: 'SvelteKit',
    onVite: true,
    commands: ['svelte-kit dev', 'svelte-kit preview'],
    packages: ['@sveltejs/kit'],
    proxy: VITE_PROXY,
  },
  {
    name: 'Astro',
    commands: ['astro', 'astro dev', 'astro start', 'astro preview'],
    packages: ['astro'],
    proxy: 'vite.server.proxy in astro.config',
  },
  {
    name: 'React Router',
    onVite: true,
    commands: ['react-router dev'],
    packages: ['@react-router/dev'],
    proxy: VITE_PROXY,
    built: { command: 'react-router-serve', needs: 'build/server/index.js' },
  },
  {
    name: 'Remix',
    onVite: true,
    commands: ['remix dev', 'remix vite:dev', 'remix watch'],
    packages: ['@remix-run/dev'],
    proxy: VITE_PROXY,
    built: { command: 'remix-serve', needs: 'build' },
  },
  {
    name: 'TanStack Start',
    onVite: true,
    commands: [],
    packages: ['@tanstack/react-start', '@tanstack/solid-start', '@tanstack/start'],
    proxy: VITE_PROXY,
  },
  {
    name: 'SolidStart',
    onVite: true,
    commands: ['solid-start dev'],
    packages: ['@solidjs/start', 'solid-start'],
  },
  {
    name: 'Qwik',
    onVite: true,
    commands: ['qwik dev'],
    packages: ['@builder.io/qwik-city', '@qwik.dev/router'],
    proxy: VITE_PROXY,
  },
  { name: 'Analog', onVite: true, commands: [], packages: ['@analogjs/platform'], proxy: VITE_PROXY },
  { name: 'Waku', commands: ['waku dev', 'waku start'], packages: ['waku'] },
  { name: 'RedwoodJS', commands: ['rw dev', 'redwood dev'], packages: ['@redwoodjs/core'] },
  {
    name: 'Gatsby',
    commands: ['gatsby develop', 'gatsby serve'],
    packages: ['gatsby'],
    proxy: 'proxy in gatsby-config.js',
  },
  { name: 'Docusaurus', commands: ['docusaurus start', 'docusaurus serve'], packages: ['@docusaurus/core'] },
  {
    name: 'VitePress',
    commands: ['vitepress', 'vitepress dev', 'vitepress preview', 'vitepress serve'],
    packages: ['vitepress'],
  },
  {
    name: 'VuePress',
    commands: ['vuepress dev', 'vuepress-vite dev', 'vuepress-webpack dev'],
    packages: ['vuepress'],
  },
  { name: 'Rspress', commands: ['rspress dev', 'rspress preview'], packages: ['rspress', '@rspress/core'] },
  {
    name: 'Slidev',
    commands: ['slidev *'],
    unless: [...NO_SERVER, 'export', 'format'],
    packages: ['@slidev/cli'],
  },
  {
    name: 'Eleventy',
    commands: ['eleventy --serve', '@11ty/eleventy --serve'],
    packages: ['@11ty/eleventy'],
  },
  { name: 'Hexo', commands: ['hexo server', 'hexo s'], packages: ['hexo'] },
  {
    name: 'Angular',
    commands: ['ng serve', 'ng s', 'ng dev'],
    packages: ['@angular/cli', '@angular/core'],
    proxy: 'proxyConfig in angular.json',
  },
  {
    name: 'Create React App',
    commands: ['react-scripts start', 'react-app-rewired start', 'craco start', 'rescripts start'],
    packages: ['react-scripts'],
    proxy: '"proxy" in package.json',
  },
  {
    name: 'Vue CLI',
    commands: ['vue-cli-service serve', 'vue-cli-service ui'],
    packages: ['@vue/cli-service'],
    proxy: 'devServer.proxy in vue.config.js',
  },
  {
    name: 'Ember',
    commands: ['ember serve', 'ember server', 'ember s'],
    packages: ['ember-cli'],
    proxy: 'ember serve --proxy',
  },
  {
    name: 'Quasar',
    commands: ['quasar dev'],
    packages: ['@quasar/app-vite', '@quasar/app-webpack', '@quasar/app'],
    proxy: 'devServer.proxy in quasar.config',
  },
  { name: 'Ionic', commands: ['ionic serve'], packages: [] },
  {
    name: 'Umi',
    commands: ['umi dev', 'max dev', 'umi'],
    packages: ['umi', '@umijs/max'],
    proxy: 'proxy in .umirc.ts',
  },
  { name: 'Expo', commands: ['expo start', 'expo'], packages: ['expo'] },
  { name: 'React Native', commands: ['react-native start'], packages: ['react-native'] },
  {
    name: 'Electron',
    commands: ['electron *', 'electron-vite dev', 'electron-vite', 'electron-forge start'],
    packages: ['electron'],
  },
  { name: 'Tauri', commands: ['tauri dev'], packages: [] },
  { name: 'Stencil', commands: ['stencil --serve'], packages: ['@stencil/core'] },
  {
    name: 'Rsbuild',
    commands: ['rsbuild', 'rsbuild dev', 'rsbuild preview'],
    packages: ['@rsbuild/core'],
    proxy: 'server.proxy in rsbuild.config',
  },
  {
    name: 'Farm',
    commands: ['farm', 'farm start', 'farm dev', 'farm preview'],
    packages: ['@farmfe/core'],
    proxy: 'server.proxy in farm.config',
  },
  {
    name: 'Rspack',
    commands: ['rspack serve', 'rspack dev', 'rspack server', 'rspack s'],
    packages: ['@rspack/cli'],
    proxy: 'devServer.proxy in rspack.config.js',
  },
  { name: 'Preact CLI', commands: ['preact watch', 'preact serve'], packages: ['preact-cli'] },
  {
    name: 'Snowpack',
    commands: ['snowpack dev', 'snowpack'],
    packages: ['snowpack'],
    proxy: 'routes in snowpack.config',
  },
  { name: 'Vinxi', commands: ['vinxi dev'], packages: ['vinxi'] },
  {
    name: 'Vite',
    commands: ['vite *'],
    unless: NO_SERVER,
    packages: ['vite', 'rolldown-vite'],
    proxy: VITE_PROXY,
  },
  {
    name: 'Parcel',
    commands: ['parcel *'],
    unless: [...NO_SERVER, 'watch'],
    packages: ['parcel', 'parcel-bundler'],
    proxy: '.proxyrc',
  },
  {
    name: 'webpack',
    commands: [
      'webpack serve',
      'webpack server',
      'webpack s',
      'webpack-dev-server *',
      'webpack-dev-server',
      'webpack --serve',
    ],
    packages: ['webpack-dev-server'],
    proxy: WEBPACK_PROXY,
  },
  { name: 'esbuild', commands: ['esbuild --servedir', 'esbuild --serve'], packages: [] },
  {
    name: 'Web Dev Server',
    commands: ['wds *', 'wds', 'web-dev-server *', 'web-dev-server'],
    packages: ['@web/dev-server'],
  },
  {
    name: 'Browsersync',
    commands: ['browser-sync start', 'browser-sync'],
    packages: ['browser-sync'],
    proxy: 'browser-sync start --proxy',
  },
  {
    name: 'live-server',
    commands: ['live-server *', 'live-server'],
    packages: ['live-server'],
    proxy: 'live-server --proxy',
  },
  {
    name: 'Storybook',
    commands: ['storybook dev', 'start-storybook', 'start-storybook *'],
    packages: [],
  },
];
