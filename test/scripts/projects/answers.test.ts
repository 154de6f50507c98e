import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, differences, neutral } from '../../../scripts/projects/answers.ts';

const answer = (change: Partial<Answer> = {}): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<p>Hello</p>',
  ...change,
});

describe('differences of answers', () => {
  it('are none if status, headers and body are the same', () => {
    assert.deepEqual(differences(answer(), answer(), answer()), []);
  });

  it('name a status, a header that is missing, one that is too many, and the place in the body', () => {
    const ours = answer({ status: 500, headers: { vary: 'Accept' }, body: '<p>Hallo</p>' });
    assert.deepEqual(differences(answer(), answer(), ours), [
      'status 500 instead of 200',
      'header content-type: none instead of "text/html"',
      'header vary: "Accept" instead of none',
      'body at 4: "<p>Hallo</p>" instead of "<p>Hello</p>"',
    ]);
  });

  it('leave out the headers of a connection and our own', () => {
    const ours = answer({ headers: { 'content-type': 'text/html', date: 'now', 'server-timing': 'worker' } });
    assert.deepEqual(differences(answer(), answer(), ours), []);
  });

  it('leave out words that differ between two runs of the bare command, and only those', () => {
    const withToken = (token: string, rest = 'token'): Answer => answer({ body: `${rest}: ${token};` });
    assert.deepEqual(differences(withToken('a1'), withToken('b2'), withToken('c3')), []);
    assert.equal(differences(withToken('a1'), withToken('b2'), withToken('c3', 'other')).length, 1);
    const withCookie = (id: string): Answer => answer({ headers: { 'set-cookie': `sid=${id}; Path=/` } });
    assert.deepEqual(differences(withCookie('a'), withCookie('b'), withCookie('c')), []);
  });

  it('leave out a hash that differs between two runs of the bare command', () => {
    const hashed = (etag: string): Answer => answer({ headers: { 'content-type': 'text/html', etag } });
    assert.deepEqual(differences(hashed('W/"5-a/b+c"'), hashed('W/"5-d"'), hashed('W/"5-e/f"')), []);
    assert.equal(differences(hashed('W/"5-a"'), hashed('W/"5-a"'), hashed('W/"5-b"')).length, 1);
  });

  it('name a header that comes in neither run of the bare command', () => {
    const once = answer({ headers: { 'content-type': 'text/html', etag: '1' } });
    assert.equal(differences(answer(), once, once).length, 0);
    assert.equal(differences(answer(), answer(), once).length, 1);
  });
});

describe('a neutral answer', () => {
  it('has no port in addresses, and other numbers as they are', () => {
    const body = 'http://localhost:4711/ has 4711 pages on :47110';
    assert.equal(neutral(answer({ body }), 4711).body, 'http://localhost:PORT/ has 4711 pages on :47110');
  });

  it('has the length of its neutral body, if its own was right', () => {
    const withLength = (length: string): Answer =>
      answer({ headers: { 'content-length': length }, body: 'http://localhost:47110/' });
    assert.equal(neutral(withLength('23'), 47110).headers['content-length'], '22');
    assert.equal(neutral(withLength('99'), 47110).headers['content-length'], '99');
  });

  it('has none of what a mask matches', () => {
    assert.equal(neutral(answer({ body: 'took 3 ms' }), 1, ['\\d+ ms']).body, 'took <masked>');
  });
});
