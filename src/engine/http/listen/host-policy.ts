/**
 * Checks by which host names a request may address this server. Without it, any web page that the developer visits
 * could reach the app, and open WebSockets to it, by a name that resolves to 127.0.0.1 (DNS rebinding).
 */
import net from 'node:net';
import type { LocalReply } from '../../requests/local-replies.ts';
import type { RequestHead } from '../parser/request-head.ts';

export class HostPolicy {
  #allowed: ReadonlySet<string>;
  #suffixes: readonly string[];

  /**
   * @param bound the server's bound address
   * @param allowedHosts names to allow in addition to the loopback ones; `.example.org` also allows its subdomains
   */
  constructor(bound: string, allowedHosts: readonly string[]) {
    const names = allowedHosts.map((name) => name.toLowerCase());
    this.#suffixes = ['.localhost', ...names.filter((name) => name.startsWith('.'))];
    this.#allowed = new Set([
      'localhost',
      ...(bound === '0.0.0.0' || bound === '::' ? [] : [bound.toLowerCase()]),
      ...names.map((name) => (name.startsWith('.') ? name.slice(1) : name)),
    ]);
  }

  /** Why the request is refused, or undefined. The answer names the setting that would allow it. */
  forbids(head: RequestHead): LocalReply | undefined {
    if (head.host !== undefined && !this.allows(head.host)) return localReply('Host', head.host);
    // Browsers send Origin with every WebSocket, and apply no same-origin rule to it.
    if (head.upgrade !== undefined && head.origin !== undefined && !this.#allowsOrigin(head.origin)) {
      return localReply('Origin', head.origin);
    }
    return undefined;
  }

  /** @param host value of a Host field: name or address, with or without a port */
  allows(host: string): boolean {
    const name = hostName(host);
    if (this.#allowed.has(name)) return true;
    if (isLoopback(name)) return true;
    return this.#suffixes.some((suffix) => name.endsWith(suffix));
  }

  #allowsOrigin(origin: string): boolean {
    const at = origin.indexOf('://');
    return at > 0 && this.allows(origin.slice(at + 3));
  }
}

/** The name in lower case, without port, brackets and root dot. */
function hostName(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.lastIndexOf(':');
  const name = (end > 0 ? host.slice(0, end) : host).toLowerCase();
  if (name.startsWith('[')) return name.slice(1, -1);
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function isLoopback(name: string): boolean {
  return name === '::1' || (name.startsWith('127.') && net.isIPv4(name));
}

function localReply(field: 'Host' | 'Origin', value: string): LocalReply {
  return {
    status: 403,
    title: `${field} not allowed`,
    paragraphs: [
      `This server does not answer for "${value}".`,
      'If you trust this name, add it to allowedHosts: the setting concurrentServer.allowedHosts, or --allowed-host on the command line.',
    ],
    failure: `${field.toLowerCase()} not allowed`,
  };
}
