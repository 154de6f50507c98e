/** Which workspaces of a monorepo have a server, and to which of them a script of its root leads. */

import type { Lead } from './node-look.ts';
import { appIn, type ProjectApp } from './project-app.ts';
import { seemsServer, serversAmong } from './server-signs.ts';
import { declaredWorkspaces, named, nearbyProjects, projectAt, type Workspace } from './workspaces.ts';

/** A workspace with a server. */
export interface WorkspaceServer extends Workspace {
  /** Undefined if several of its files could be the app. */
  app: ProjectApp | undefined;
}

export interface WorkspaceServers {
  servers: WorkspaceServer[];
  /** Workspaces that are front ends: their paths with their tools. */
  frontEnds: string[];
  /** Whether the root says that it is a monorepo. */
  declared: boolean;
}

/** All of a root. A server is known by its source, because most workspaces are libraries. */
export async function serversBelow(root: string): Promise<WorkspaceServers> {
  const declared = await declaredWorkspaces(root);
  const all = await lookAtAll(declared ?? (await nearbyProjects(root)));
  return {
    servers: all.flatMap(({ server }) => server ?? []),
    frontEnds: all.flatMap(({ path, frontEnd }) => (frontEnd === undefined ? [] : `${path}: ${frontEnd}`)),
    declared: declared !== undefined,
  };
}

/** Those to which a script of the root leads. */
export async function serversOfLead(root: string, { leads }: Lead): Promise<WorkspaceServer[]> {
  const all = (await declaredWorkspaces(root)) ?? [];
  const found = new Map(leads === 'all' ? all.map((one) => [one.folder, one]) : []);
  for (const written of leads === 'all' ? [] : leads.to) {
    const byName = named(all, written);
    const at = byName.length > 0 ? undefined : await projectAt(root, written);
    for (const workspace of at === undefined ? byName : [at]) found.set(workspace.folder, workspace);
  }
  return (await lookAtAll([...found.values()])).flatMap(({ server }) => server ?? []);
}

interface LookedAt {
  path: string;
  server: WorkspaceServer | undefined;
  frontEnd: string | undefined;
}

function lookAtAll(workspaces: readonly Workspace[]): Promise<LookedAt[]> {
  return Promise.all(
    workspaces.map(async (workspace) => {
      const { app, equals, node } = await appIn(workspace.folder, { env: {}, index: false });
      const has = app === undefined ? (await serversAmong(equals)).length > 0 : await isServer(app);
      const server = has ? { ...workspace, app } : undefined;
      return { path: workspace.path, server, frontEnd: has ? undefined : node.frontEnd?.tool.name };
    }),
  );
}

async function isServer({ kind, entry, plan }: ProjectApp): Promise<boolean> {
  return kind === 'python' || (plan !== undefined && 'command' in plan.program) || seemsServer(entry);
}
