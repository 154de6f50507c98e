/** All projects, in the order of the page. */
import type { Project } from '../project.ts';
import { asgi } from './asgi.ts';
import { databases } from './databases.ts';
import { django } from './django.ts';
import { express } from './express.ts';
import { fronts } from './fronts.ts';
import { libraries } from './libraries.ts';
import { next } from './next.ts';
import { node } from './node.ts';
import { products } from './products.ts';
import { python } from './python.ts';
import { typescript } from './typescript.ts';
import { vite } from './vite.ts';

export const PROJECTS: readonly Project[] = [
  ...express,
  ...node,
  ...typescript,
  ...libraries,
  ...databases,
  ...products,
  ...next,
  ...vite,
  ...fronts,
  ...django,
  ...python,
  ...asgi,
];
