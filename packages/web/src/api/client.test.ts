import { contract } from '@tenantry/core/contract/routes';
import { afterEach, expect, it, vi } from 'vitest';
import { createApi, type TokenSource } from './client.ts';

const tokens: TokenSource = { token: async () => 'old', renew: async () => 'new' };
const api = createApi(tokens, contract);
const create = (name = 'Web shop') => api('createApiKey', { body: { name, kind: 'secret' } });

/** Answers as told, one after the other. @returns the keys that came */
function server(...answers: readonly (number | 'nothing')[]): readonly (string | null)[] {
  const keys: (string | null)[] = [];
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    keys.push(new Headers(init.headers).get('idempotency-key'));
    const answer = answers[keys.length - 1] ?? 201;
    if (answer === 'nothing') throw new TypeError('Failed to fetch');
    return Response.json(answer === 409 ? { code: 'idempotency_in_progress' } : {}, { status: answer });
  });
  return keys;
}

afterEach(() => vi.unstubAllGlobals());

it.each([
  ['got no answer', 'nothing'],
  ['failed on the other side', 500],
  ['is still under way', 409],
] as const)('a submission that %s keeps its key when it is sent again', async (_, first) => {
  const keys = server(first, 201, 201);
  await expect(create()).rejects.toThrow();
  await create();
  await create();
  expect(keys[0]).toMatch(/^[\da-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

it('another submission has another key, and so has one that was refused', async () => {
  const keys = server('nothing', 201, 400, 201);
  await expect(create()).rejects.toThrow();
  await create('Another');
  await expect(create('Refused')).rejects.toThrow();
  await create('Refused');
  expect(new Set(keys).size).toBe(4);
});

it('a token that is renewed in between changes nothing of it', async () => {
  const keys = server(401, 201);
  await create();
  expect(keys[1]).toBe(keys[0]);
});

it('asks once where no token is to be had any more', async () => {
  const keys = server(401);
  const ended = createApi({ token: async () => 'old', renew: async () => undefined }, contract);
  await expect(ended('getMe', {})).rejects.toMatchObject({ status: 401 });
  expect(keys).toHaveLength(1);
});

it('what is the same when it is sent twice has none', async () => {
  const keys = server(200);
  await api('getMe', {});
  expect(keys).toEqual([null]);
});
