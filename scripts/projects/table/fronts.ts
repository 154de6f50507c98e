/** What has a server of its own, so that we say whose command serves it. Nothing has to be installed for that. */
import type { RefusedProject } from '../project.ts';

const front = (name: string, title: string, says: string, run: string): RefusedProject => ({
  kind: 'refused',
  name,
  title,
  group: 'Front ends',
  node: 'pinned',
  get: [{ run }],
  folder: 'app',
  versions: [],
  says,
});

const vite = (template: string): string =>
  `npm create vite@latest app -- --template ${template} --no-interactive`;

export const fronts: readonly RefusedProject[] = [
  front('vite-react', 'Vite, `react-ts`', 'Vite', vite('react-ts')),
  front('vite-vue', 'Vite, `vue`', 'Vite', vite('vue')),
  front('vite-svelte', 'Vite, `svelte`', 'Vite', vite('svelte')),
  front('vite-vanilla', 'Vite, `vanilla-ts`', 'Vite', vite('vanilla-ts')),
  front(
    'next-dev',
    'Next.js, `next dev`',
    'Next.js',
    'npx create-next-app@16 app --yes --ts --app --use-npm --disable-git --skip-install',
  ),
  front(
    'sveltekit-dev',
    'SvelteKit, `vite dev`',
    'SvelteKit',
    'npx sv create app --template minimal --types ts --no-add-ons --no-install',
  ),
  front(
    'angular',
    'Angular, `ng serve`',
    'Angular',
    'npx @angular/cli@latest new app --defaults --skip-install --skip-git',
  ),
];
