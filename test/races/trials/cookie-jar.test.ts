import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CookieJar } from '../../../src/races/trials/cookie-jar.ts';

function jarWith(path: string, ...cookies: string[]): CookieJar {
  const jar = new CookieJar();
  jar.store(path, cookies);
  return jar;
}

describe('a cookie jar', () => {
  it('is empty at first', () => assert.equal(new CookieJar().headerFor('/'), undefined));

  it('sends what it was given', () => {
    const jar = jarWith('/login', 'sid=abc; Path=/; HttpOnly', 'theme=dark=blue; path=/');
    assert.equal(jar.headerFor('/cart'), 'sid=abc; theme=dark=blue');
  });

  it('replaces a cookie of the same name and path', () => {
    const jar = jarWith('/', 'sid=1; Path=/');
    jar.store('/', ['sid=2; Path=/']);
    assert.equal(jar.headerFor('/'), 'sid=2');
  });

  it('sends a cookie only below its path, the longer path first', () => {
    const jar = jarWith('/', 'a=1; Path=/', 'b=2; Path=/admin');
    assert.equal(jar.headerFor('/admin/users'), 'b=2; a=1');
    assert.equal(jar.headerFor('/administration'), 'a=1');
  });

  it('takes the folder of the request where no path is given', () => {
    const jar = jarWith('/shop/login', 'sid=1');
    assert.equal(jar.headerFor('/shop/cart'), 'sid=1');
    assert.equal(jar.headerFor('/other'), undefined);
  });

  for (const over of ['Max-Age=0', 'Max-Age=-1', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT']) {
    it(`forgets a cookie with ${over}`, () => {
      const jar = jarWith('/', 'sid=1; Path=/');
      jar.store('/', [`sid=; Path=/; ${over}`]);
      assert.equal(jar.headerFor('/'), undefined);
    });
  }

  it('lets Max-Age win over Expires', () => {
    const jar = jarWith('/', 'sid=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
    assert.equal(jar.headerFor('/'), 'sid=1');
  });

  it('ignores what has no name', () => assert.equal(jarWith('/', '=x', 'nothing').headerFor('/'), undefined));
});
