import { beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../api/client.ts';
import { ApiError } from '../api/error.ts';
import { createSession, type Session, type Store } from './session.ts';

const store = (): Store & { readonly kept: Map<string, string> } => {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
};

let tab: ReturnType<typeof store>;
let browser: ReturnType<typeof store>;
let left: string[];
/** What was called, and what each is answered with. */
let calls: string[];
let answer: (id: string) => unknown;

const sessionOf = (): Session =>
  createSession({
    loginUrl: 'https://login.example.com',
    clientId: 'client-1',
    origin: 'https://shop.example.com',
    api: (async (id: string) => {
      calls.push(id);
      return answer(id);
    }) as unknown as Api,
    tab,
    browser,
    leave: (url) => void left.push(url),
  });

const token = (expiresIn = 900) => ({ accessToken: `token-${calls.length}`, expiresIn });
const failing = (status: number) => () => {
  throw new ApiError(status, {});
};

/** Begins a sign-in and comes back from the hosted pages. */
async function signIn(session: Session): Promise<string> {
  await session.start('login', '/users');
  const state = new URL(left.at(-1) ?? '').searchParams.get('state') ?? '';
  return session.finish(new URLSearchParams({ code: 'code-1', state }));
}

beforeEach(() => {
  tab = store();
  browser = store();
  left = [];
  calls = [];
  answer = () => token();
});

describe('a session', () => {
  it('is begun by a tab that ends it, comes back to where it began, and leaves no token in any storage', async () => {
    const session = sessionOf();
    expect(session.signedIn()).toBe(false);
    expect(await signIn(session)).toBe('/users');
    expect(session.signedIn()).toBe(true);
    expect(await session.token()).toBe('token-1');
    expect(JSON.stringify([...tab.kept, ...browser.kept])).not.toMatch(/token-|code-1/);
  });

  it('is refused when the return is not the one that was begun', async () => {
    const session = sessionOf();
    await session.start('login');
    await expect(session.finish(new URLSearchParams({ code: 'stolen', state: 'another' }))).rejects.toThrow(
      /not begun/,
    );
    expect(calls).toEqual([]);
  });

  it('is gone on with after a reload, by one renewal however many ask', async () => {
    await signIn(sessionOf());
    const reloaded = sessionOf();
    calls = [];
    const tokens = await Promise.all([reloaded.token(), reloaded.token(), reloaded.token()]);
    expect(new Set(tokens).size).toBe(1);
    expect(calls).toEqual(['renewSession']);
  });

  it('is asked for by nobody who is not signed in', async () => {
    expect(await sessionOf().token()).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it('is over when it is refused, and not when nobody answers', async () => {
    await signIn(sessionOf());
    const reloaded = sessionOf();
    answer = failing(503);
    await expect(reloaded.token()).rejects.toMatchObject({ status: 503 });
    answer = failing(0);
    await expect(reloaded.token()).rejects.toMatchObject({ status: 0 });
    expect(reloaded.signedIn()).toBe(true);
    answer = failing(401);
    expect(await reloaded.token()).toBeUndefined();
    expect(reloaded.signedIn()).toBe(false);
  });

  it('renews a token that is about to expire before it is used', async () => {
    answer = () => token(59);
    const session = sessionOf();
    await signIn(session);
    calls = [];
    await session.token();
    expect(calls).toEqual(['renewSession']);
  });
});

describe('signing out', () => {
  it('ends in the hosted pages, even when the session function does not answer', async () => {
    const session = sessionOf();
    await signIn(session);
    answer = failing(503);
    await session.end();
    expect(session.signedIn()).toBe(false);
    expect(left.at(-1)).toMatch(/^https:\/\/login\.example\.com\/logout\?/);
  });

  it('is known in the other tabs, which leave', async () => {
    const [one, other] = [sessionOf(), sessionOf()];
    await signIn(one);
    await other.token();
    await one.end();
    other.changedElsewhere('tenantry.theme');
    const before = left.length;
    other.changedElsewhere('tenantry.signed-in');
    expect(left.slice(before)).toEqual(['https://shop.example.com/']);
    expect(await other.token()).toBeUndefined();
  });
});
