/** Renders local replies as HTML, JSON or text, whichever the client accepts. */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import type { Exchange } from '../../requests/exchange.ts';
import type { LocalReply } from '../../requests/local-replies.ts';
import { reloadScript } from './reload-script.ts';

/** What a page shows of the server. */
export interface PageContext {
  /** See config.ts. */
  editorLink: string;
  /** Name of the code that is served now. */
  build: string;
}

/** A whole HTTP/1.1 response that ends its connection. Everything in it is escaped: it may come from a request. */
export function renderErrorPage(localReply: LocalReply, context: PageContext, exchange?: Exchange): Buffer {
  // A submitted form must not be sent again by itself.
  const reloads = localReply.awaitsCode === true && exchange?.method === 'GET';
  const page = { ...context, nonce: reloads ? randomBytes(16).toString('base64') : undefined };
  const { type, body } = renderBody(localReply, preferredType(exchange?.accept), page);
  const bytes = Buffer.from(body);
  const script = page.nonce === undefined ? '' : `; script-src 'nonce-${page.nonce}'; connect-src 'self'`;
  const lines = [
    `HTTP/1.1 ${localReply.status} ${http.STATUS_CODES[localReply.status] ?? 'Error'}`,
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Length: ${bytes.length}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'${script}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
  ];
  if (localReply.retryAfterSeconds !== undefined) lines.push(`Retry-After: ${localReply.retryAfterSeconds}`);
  if (exchange !== undefined) lines.push(`Server-Timing: ${exchange.serverTiming()}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return exchange?.method === 'HEAD' ? head : Buffer.concat([head, bytes]);
}

type MediaType = 'text/html' | 'application/json' | 'text/plain';

/** The first of the three kinds that the client names; plain text if it names none, like curl. */
function preferredType(accept: string | undefined): MediaType {
  const ranked = (accept ?? '')
    .split(',')
    .map((part) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return { name, weight: q === undefined ? 1 : Number(q.slice(2)) || 0 };
    })
    .filter((range) => range.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { name } of ranked) {
    if (name === 'text/html' || name === 'application/json' || name === 'text/plain') return name;
  }
  return 'text/plain';
}

interface Page extends PageContext {
  /** Nonce of the script that reloads the page; undefined without a script. */
  nonce: string | undefined;
}

function renderBody(localReply: LocalReply, type: MediaType, page: Page): { type: MediaType; body: string } {
  if (type === 'text/html') return { type, body: renderHtml(localReply, page) };
  const { status, title, paragraphs, source } = localReply;
  if (type === 'application/json') {
    const { sections = [] } = localReply;
    const fields = { status, error: title, message: paragraphs.join(' '), source, sections };
    return { type, body: `${JSON.stringify(fields)}\n` };
  }
  const sections = (localReply.sections ?? []).map(({ title, text }) => `\n${title}:\n${text}\n`);
  if (source !== undefined)
    sections.unshift(`\n${[placeText(source), source.frame].filter(Boolean).join('\n')}\n`);
  return { type, body: `${localReply.title}\n\n${localReply.paragraphs.join('\n')}\n${sections.join('')}` };
}

const STYLE = `
:root { color-scheme: light dark; --fg: #1f2328; --bg: #fff; --dim: #59636e; --line: #d1d9e0; --box: #f6f8fa; --red: #c11c28 }
@media (prefers-color-scheme: dark) {
  :root { --fg: #e6edf3; --bg: #0d1117; --dim: #9198a1; --line: #3d444d; --box: #151b23; --red: #ff7b72 }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--fg); background: var(--bg); max-width: 60rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 1rem } h1 span { color: var(--red) }
h2 { font-size: 1rem; color: var(--dim); margin: 1.5rem 0 .5rem }
pre { background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto; font: 13px/1.45 ui-monospace, monospace }
footer { color: var(--dim); font-size: .85rem; border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .75rem }`;

function renderHtml(
  { status, title, paragraphs, source, sections = [] }: LocalReply,
  { editorLink, build, nonce }: Page,
): string {
  const location = source === undefined ? '' : renderPlace(source, editorLink);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${status} ${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<h1><span>${status}</span> ${escapeHtml(title)}</h1>
${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${location}
${sections.map((section) => `<h2>${escapeHtml(section.title)}</h2>\n<pre>${escapeHtml(section.text)}</pre>`).join('\n')}
<footer>Answered by Concurrent Server, not by the app.${nonce === undefined ? '' : ' This page reloads when the code is fixed.'}</footer>
${nonce === undefined ? '' : `<script nonce="${nonce}">${reloadScript(build)}</script>`}
</body></html>
`;
}

type Source = NonNullable<LocalReply['source']>;

function renderPlace(source: Source, editorLink: string): string {
  const href = `${editorLink}${linkPath(source)}`;
  const frame = source.frame === undefined ? '' : `\n<pre>${escapeHtml(source.frame)}</pre>`;
  return `<h2><a href="${escapeHtml(href)}">${escapeHtml(placeText(source))}</a></h2>${frame}`;
}

/** `/path/of/file:line:column`, the form of vscode://file; a drive letter gets a slash before it. */
function linkPath({ file, line, column }: Source): string {
  const segments = file
    .split(path.sep)
    .map((segment, at) => (at === 0 ? segment : encodeURIComponent(segment)));
  const joined = segments.join('/');
  return `${joined.startsWith('/') ? '' : '/'}${joined}:${line}:${column ?? 1}`;
}

function placeText({ file, line, column }: Source): string {
  return `${file}:${line}${column === undefined ? '' : `:${column}`}`;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
