import { createHash } from 'node:crypto';
import type { Recommendation } from '@tenantry/core/contract/recommendation';
import type { contract } from '@tenantry/core/contract/routes';
import { readCells, readCsv } from '@tenantry/core/export/testing/read-csv';
import { createIdSource } from '@tenantry/core/ids/id';
import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { exportAll } from '../../support/exports.ts';
import { join } from '../../support/members.ts';
import { allRows } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** A company takes along all that it has, as files that a person can read, and nothing of anybody else. */
let test: TestCloud;

beforeAll(async () => {
  test = await startTestCloud();
}, 120_000);
afterAll(() => test?.close());

/** Items that a spreadsheet program would take for formulas; other shops' have the same names. */
const items = ['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', "'quoted", 'a,b', 'plain'];

interface Shop {
  readonly founder: Founder;
  readonly key: string;
  readonly keyHint: string;
  readonly eventIds: readonly string[];
  readonly modelVersion: string;
  readonly list: Recommendation;
}

async function trading(founder: Founder): Promise<Shop> {
  const { api, accessToken: bearer } = founder.person;
  const key = await founder.person.createKey('secret');
  const newId = createIdSource();
  const events = Array.from({ length: 42 }, (_, i) => ({
    id: newId('event', Date.now() - (42 - i) * 1000),
    shopperId: `shopper-${i % 9}`,
    itemId: items[i % items.length],
    type: 'view',
    ...(i % 2 ? { sessionId: `session-${i}` } : {}),
  }));
  await api('collectEvents', { bearer: key, body: { events } });
  await until('the archive', async () => {
    const { archivedEvents } = await api('getActivity', { bearer });
    return archivedEvents >= events.length ? true : undefined;
  });
  await api('trainModel', { bearer });
  const model = await until('the model', async () => {
    const { models } = await api('listModels', { bearer });
    return models.find(({ serving }) => serving);
  });
  const list = await until('a list by the model', async () => {
    const answer = await api('recommend', { bearer: key, body: { shopperId: 'only-looking' } });
    return answer.modelVersion === model.version ? answer : undefined;
  });
  await until('the log of recommendations', async () => {
    const rows = await allRows(test.cloud, 'Recommendations');
    return rows.find(({ sk }) => String(sk).endsWith(list.recommendationId));
  });
  const { apiKeys } = await api('listApiKeys', { bearer });
  return {
    founder,
    key,
    keyHint: apiKeys[0]?.hint ?? '',
    eventIds: events.map(({ id }) => id).sort(),
    modelVersion: model.version,
    list,
  };
}

type FilePage = z.output<typeof contract.listExportFiles.response.schema>;

/** The files of an export as whoever has the links gets them. */
async function download({ api, accessToken: bearer }: Person, exportId: string, limit = 100) {
  const files = new Map<string, { readonly text: string; readonly rows: number | null; readonly sha256: string }>();
  let cursor: string | null = null;
  do {
    const page: FilePage = await api('listExportFiles', {
      bearer,
      params: { exportId },
      query: { limit: String(limit), ...(cursor ? { cursor } : {}) },
    });
    for (const { name, rows, bytes, sha256, url } of page.files) {
      const response = await fetch(url);
      expect(response.status, name).toBe(200);
      expect(response.headers.get('content-disposition'), name).toMatch(/^attachment; filename="[\w.-]+"$/);
      const body = Buffer.from(await response.arrayBuffer());
      expect(body.byteLength, name).toBe(bytes);
      expect(createHash('sha256').update(body).digest('hex'), name).toBe(sha256);
      files.set(name, { text: body.toString('utf8'), rows, sha256 });
    }
    cursor = page.cursor;
  } while (cursor);
  const textOf = (name: string): string => files.get(name)?.text ?? `no file ${name}`;
  return { files, textOf, rowsOf: (name: string) => readCsv(textOf(name)) };
}

describe.each(['standard', 'premium'] as const)('the export of a %s company', (tier) => {
  let shop: Shop;
  let other: Shop;
  let files: Awaited<ReturnType<typeof download>>;
  let exportId: string;

  beforeAll(async () => {
    const [founder, stranger] = await Promise.all([test.founder(tier), test.founder('standard')]);
    [shop, other] = await Promise.all([trading(founder), trading(stranger)]);
    const colleague = await test.signUp();
    await join(test, colleague, founder.tenantId, 'viewer');
    exportId = await exportAll(founder.person);
    files = await download(founder.person, exportId, 3);
  }, 120_000);

  it('has every event once, with what the shop sent', () => {
    const rows = files.rowsOf('events/part-0001.csv');
    expect(rows.map(({ event_id }) => event_id).sort()).toEqual(shop.eventIds);
    expect(new Set(rows.map(({ item_id }) => item_id))).toEqual(new Set(items));
    expect(new Set(rows.map(({ shopper_id }) => shopper_id)).size).toBe(9);
    for (const { time, type, session_id = '' } of rows) {
      expect(new Date(time ?? '').toISOString()).toBe(time);
      expect(type).toBe('view');
      expect(session_id).toMatch(/^(session-\d+)?$/);
    }
  });

  it('has what was recommended, who may sign in, the keys without their secrets, the models and the usage', () => {
    const { recommendationId, modelVersion, servedBy, items: recommended } = shop.list;
    const lists = files.rowsOf('recommendations/part-0001.csv');
    expect(lists.find(({ recommendation_id }) => recommendation_id === recommendationId)).toMatchObject({
      shopper_id: 'only-looking',
      model_version: modelVersion,
      served_by: servedBy,
      item_ids: recommended.map(({ itemId }) => itemId).join(' '),
    });
    expect(recommended.length).toBeGreaterThan(0);
    expect(files.rowsOf('members.csv').map(({ email, role }) => [email === shop.founder.person.email, role])).toEqual(
      expect.arrayContaining([
        [true, 'owner'],
        [false, 'viewer'],
      ]),
    );
    expect(files.rowsOf('api-keys.csv')).toMatchObject([{ hint: shop.keyHint, kind: 'secret' }]);
    expect(files.rowsOf('models.csv')).toMatchObject([{ version: shop.modelVersion, events: '42' }]);
    expect(files.rowsOf('usage.csv')[0]).toEqual({ period: 'total', events: '42' });
    expect(JSON.parse(files.textOf('company.json'))).toMatchObject({ id: shop.founder.tenantId, tier });
    expect(JSON.parse(files.textOf('subscription.json'))).toMatchObject({ tier, status: 'trialing' });
    const actions = files.rowsOf('audit/part-0001.csv').map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['tenant.exported', 'apiKey.created', 'tenant.registered']));
  });

  it('has a page that names every file, and a manifest that names, counts and hashes every other', () => {
    const manifest = JSON.parse(files.textOf('manifest.json')) as { files: { name: string; rows: number | null }[] };
    const names = [...files.files.keys()];
    expect(manifest.files.map(({ name }) => name).sort()).toEqual(names.filter((n) => n !== 'manifest.json').sort());
    for (const name of names.filter((n) => n !== 'README.txt')) expect(files.textOf('README.txt')).toContain(name);
    for (const { name, rows } of manifest.files) {
      expect(rows, name).toBe(name.endsWith('.csv') ? files.rowsOf(name).length : null);
      expect(manifest.files.find((file) => file.name === name)).toMatchObject({
        sha256: files.files.get(name)?.sha256,
      });
    }
  });

  it('has tables that spreadsheet programs open as UTF-8, without a formula in them', () => {
    for (const [name, { text }] of files.files) {
      if (!name.endsWith('.csv')) continue;
      expect(text.startsWith('\uFEFF'), name).toBe(true);
      for (const cell of readCells(text).flat()) expect(cell, name).not.toMatch(/^\s*[=+\-@]/);
    }
  });

  it('holds nothing of another company, no secret and no hash of a key', () => {
    const all = [...files.files.values()].map(({ text }) => text).join('\n');
    const hash = createHash('sha256').update(shop.key).digest('hex');
    for (const trace of [
      other.founder.tenantId,
      other.founder.slug,
      other.founder.person.email,
      other.list.recommendationId,
      ...other.eventIds,
      shop.key,
      hash,
    ]) {
      expect(all).not.toContain(trace);
    }
  });

  it('is listed with its size and end, and belongs to the audit log', async () => {
    const { api, accessToken: bearer } = shop.founder.person;
    const { exports } = await api('listExports', { bearer });
    const bytes = [...files.files.values()].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(exports).toMatchObject([
      { id: exportId, status: 'succeeded', progress: 100, files: files.files.size, bytes, reason: null },
    ]);
    const { entries } = await api('listAudit', { bearer, query: { limit: '10' } });
    expect(entries.find(({ action }) => action === 'tenant.exported')).toMatchObject({ details: { exportId } });
  });
});

it('had no call denied', () => {
  expect(test.cloud.calls.all().filter(({ allowed, callerArn }) => !allowed && callerArn)).toEqual([]);
});
