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

/** Begins a sign-in by password and comes back from the hosted pages. */
async function signIn(session: Session): Promise<string | undefined> {
  await session.startBy(null, { returnTo: '/users' });
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
    await session.startBy(null, { returnTo: '/' });
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

  it('asks who signs in where nobody has, and where the way that was taken is not allowed any more, and says so', async () => {
    const asked = 'https://shop.example.com/sign-in?to=%2Forders%3Fpage%3D2';
    await sessionOf().start('login', '/orders?page=2');
    expect(left).toEqual([asked]);
    await signIn(sessionOf());
    await sessionOf().start('login', '/orders?page=2');
    expect(left.at(-1)).toMatch(/^https:\/\/login\.example\.com\/oauth2\/authorize\?/);
    const reloaded = sessionOf();
    answer = failing(403);
    expect(await reloaded.token()).toBeUndefined();
    await reloaded.start('login', '/orders?page=2');
    expect(left.at(-1)).toBe(`${asked}&ended=`);
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

  it('while a token is renewed waits for that, and signs nobody in again', async () => {
    await signIn(sessionOf());
    const session = sessionOf();
    let arrive = (_: unknown): void => undefined;
    answer = (id) =>
      id === 'renewSession'
        ? new Promise((resolve) => {
            arrive = resolve;
          })
        : undefined;
    calls = [];
    const asked = session.token();
    const ended = session.end();
    await Promise.resolve();
    expect(calls).toEqual(['renewSession']);
    arrive(token());
    expect(await asked).toBeUndefined();
    await ended;
    expect(calls).toEqual(['renewSession', 'closeSession']);
    expect(session.signedIn()).toBe(false);
    expect(await session.token()).toBeUndefined();
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

describe('a sign-in by a company’s provider', () => {
  const returned = (parameters: Record<string, string>) => {
    const state = new URL(left.at(-1) ?? '').searchParams.get('state') ?? '';
    return new URLSearchParams({ state, ...parameters });
  };

  it('names the provider and the address, and is the way of this browser from then on', async () => {
    const session = sessionOf();
    await session.startBy('sso-1', { returnTo: '/users', email: 'ada@acme.com' });
    const url = new URL(left[0] ?? '');
    expect(url.searchParams.get('identity_provider')).toBe('sso-1');
    expect(url.searchParams.get('login_hint')).toBe('ada@acme.com');
    expect(await session.finish(returned({ code: 'code-1' }))).toBe('/users');
    await sessionOf().start('login', '/users');
    expect(new URL(left[1] ?? '').searchParams.get('identity_provider')).toBe('sso-1');
  });

  it('begins once more when it was linked to a user, and only once', async () => {
    const linked = { error: 'invalid_request', error_description: 'PreSignUp failed with error sso-linked.' };
    await sessionOf().startBy('sso-1', { returnTo: '/users' });
    expect(await sessionOf().finish(returned(linked))).toBeUndefined();
    expect(new URL(left[1] ?? '').searchParams.get('identity_provider')).toBe('sso-1');
    await expect(sessionOf().finish(returned(linked))).rejects.toThrow();
    expect(left).toHaveLength(2);
  });

  it('asks who signs in once the provider is gone, whose way is not taken by itself again', async () => {
    await sessionOf().startBy('sso-1', { returnTo: '/users' });
    await sessionOf().finish(returned({ code: 'code-1' }));
    await sessionOf().startBy('sso-1', { returnTo: '/users' });
    const gone = { error: 'invalid_request', error_description: 'the client does not offer this identity_provider' };
    expect(await sessionOf().finish(returned(gone))).toBeUndefined();
    expect(left.at(-1)).toBe('https://shop.example.com/sign-in?to=%2Fusers&ended=');
    await sessionOf().start('login', '/users');
    expect(left.at(-1)).toBe('https://shop.example.com/sign-in?to=%2Fusers');
  });

  it('says why it was refused, and says nothing to whoever did not begin it', async () => {
    const refused = { error_description: 'PreSignUp failed with error Not for this address..' };
    await sessionOf().startBy('sso-1', { returnTo: '/users' });
    const answer = returned(refused);
    await expect(sessionOf().finish(answer)).rejects.toThrow(/^Not for this address\.$/);
    await expect(sessionOf().finish(answer)).rejects.toThrow('was not begun in this tab');
  });
});
