/** All projects, in the order of the page. */
import type { Project } from '../project.ts';
import { express } from './express.ts';
import { fullstack } from './fullstack.ts';
import { node } from './node.ts';
import { products } from './products.ts';
import { python } from './python.ts';

export const PROJECTS: readonly Project[] = [...express, ...node, ...products, ...fullstack, ...python];
