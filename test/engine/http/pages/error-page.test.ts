/** The browser's rights on an error page: such pages show text that may come from a request or the app. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderErrorPage } from '../../../../src/engine/http/pages/error-page.ts';
import { Exchange, type ExchangeClient } from '../../../../src/engine/requests/exchange.ts';
import type { LocalReply } from '../../../../src/engine/requests/local-replies.ts';
import { Routes } from '../../../../src/engine/requests/route-stats.ts';

const MARKUP = '<script>alert("&\')</script>';
const REFUSAL: LocalReply = { status: 500, title: MARKUP, paragraphs: [MARKUP], failure: 'bad response' };

/** The page that a browser gets for a request. */
function page(localReply: LocalReply, method = 'GET'): { policy: string; body: string } {
  const stats = new Routes().of('GET /');
  const from = { server: 0, userAgent: undefined, accept: 'text/html', endless: false };
  const request = { id: 1, method, target: '/', route: 'GET /', stats, ...from };
  const exchange = new Exchange({} as ExchangeClient, request);
  const text = renderErrorPage(localReply, { editorLink: '', build: 'b1' }, exchange).toString();
  const [fields = '', body = ''] = text.split('\r\n\r\n');
  return { policy: /^Content-Security-Policy: (.*)$/m.exec(fields)?.[1]?.trim() ?? '', body };
}

describe('an error page', () => {
  it('forbids all scripts, and has none, whatever text it shows', () => {
    for (const one of [page(REFUSAL), page({ ...REFUSAL, awaitsCode: true }, 'POST')]) {
      assert.equal(one.policy, "default-src 'none'; style-src 'unsafe-inline'");
      assert.ok(!one.body.includes('<script'), one.body);
      assert.ok(one.body.includes('&lt;script&gt;'), 'the reply is there, as text');
    }
  });

  it('that reloads allows one script by a nonce that is new each time', () => {
    const nonces = new Set<string>();
    for (let at = 0; at < 3; at++) {
      const { policy, body } = page({ ...REFUSAL, awaitsCode: true });
      const [, nonce = ''] =
        /script-src 'nonce-([A-Za-z0-9+/]{22}==)'; connect-src 'self'$/.exec(policy) ?? [];
      assert.notEqual(nonce, '', policy);
      assert.match(policy, /^default-src 'none'; style-src 'unsafe-inline'; /);
      assert.deepEqual(body.match(/<script[^>]*>/g), [`<script nonce="${nonce}">`]);
      nonces.add(nonce);
    }
    assert.equal(nonces.size, 3);
  });
});
