/** All projects, in the order of the page. */
import type { Project } from '../project.ts';
import { express } from './express.ts';
import { python } from './python.ts';

export const PROJECTS: readonly Project[] = [...express, ...python];
