/** The configuration of an app that runs in another folder than the one that was asked for. */
import path from 'node:path';
import type { ServerConfig } from '../../protocol/config.ts';

/** Paths that the user wrote still start at the folder that was asked for. */
export function inFolder(config: ServerConfig, cwd: string): ServerConfig {
  if (cwd === config.cwd) return config;
  const { envFile, python, node } = config;
  const from = (file: string): string => path.resolve(config.cwd, file);
  // A name without a slash is looked up on the path.
  const command = (name: string): string => (/[\\/]/.test(name) ? from(name) : name);
  return {
    ...config,
    cwd,
    ...(envFile === undefined ? {} : { envFile: from(envFile) }),
    ...(python === undefined ? {} : { python: command(python) }),
    ...(node === undefined ? {} : { node: command(node) }),
    reload: { ...config.reload, watch: config.reload.watch.map(from) },
  };
}
