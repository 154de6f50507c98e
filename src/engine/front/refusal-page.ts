/** Answers of the server's own, as HTML, JSON or text by what the client accepts. */
import http from 'node:http';
import type { Exchange, Refusal } from '../exchange.ts';

/** A whole HTTP/1.1 response that ends its connection. Everything in it is escaped: it may come from a request. */
export function renderRefusal(refusal: Refusal, exchange?: Exchange): Buffer {
  const { type, body } = renderBody(refusal, preferredType(exchange?.head?.accept));
  const bytes = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${refusal.status} ${http.STATUS_CODES[refusal.status] ?? 'Error'}`,
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Length: ${bytes.length}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
  ];
  if (refusal.retryAfterSeconds !== undefined) lines.push(`Retry-After: ${refusal.retryAfterSeconds}`);
  if (exchange !== undefined) lines.push(`Server-Timing: ${exchange.serverTiming()}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return exchange?.method === 'HEAD' ? head : Buffer.concat([head, bytes]);
}

type MediaType = 'text/html' | 'application/json' | 'text/plain';

/** The first of the three kinds that the client names; plain text for one that names none, such as curl. */
export function preferredType(accept: string | undefined): MediaType {
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

function renderBody(refusal: Refusal, type: MediaType): { type: MediaType; body: string } {
  if (type === 'text/html') return { type, body: renderHtml(refusal) };
  if (type === 'application/json') {
    const { status, title, paragraphs, sections = [] } = refusal;
    return {
      type,
      body: `${JSON.stringify({ status, error: title, message: paragraphs.join(' '), sections })}\n`,
    };
  }
  const sections = (refusal.sections ?? []).map(({ title, text }) => `\n${title}:\n${text}\n`);
  return { type, body: `${refusal.title}\n\n${refusal.paragraphs.join('\n')}\n${sections.join('')}` };
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

function renderHtml({ status, title, paragraphs, sections = [] }: Refusal): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${status} ${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<h1><span>${status}</span> ${escapeHtml(title)}</h1>
${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${sections.map((section) => `<h2>${escapeHtml(section.title)}</h2>\n<pre>${escapeHtml(section.text)}</pre>`).join('\n')}
<footer>Answered by Concurrent Server, not by the app.</footer>
</body></html>
`;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
