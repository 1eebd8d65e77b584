import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { accessProfiles, type ProfileName } from '@tenantry/core/isolation/profiles';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingCases } from './routes/completeness.ts';
import { changes, type Snapshot, snapshot } from './routes/stores-snapshot.ts';
import { bucketAttempts, copyAttempt, listAttempt, objectAttempts, trickObjects } from './stores/bucket-attempts.ts';
import { mayCallBucket, mayCallSiloTable, mayCallTable } from './stores/policy.ts';
import { bucketCases, otherStores, type TableCase, tableCases } from './stores/store-cases.ts';
import { indexAttempt, itemAttempts, tableAttempts, trickKeys } from './stores/table-attempts.ts';
import {
  clientsFor,
  createStoresWorld,
  ownCredentials,
  profileRoleArn,
  type StoresWorld,
  siloKey,
  takerOf,
  vended,
} from './stores/world.ts';

/**
 * Every store × every access profile, with credentials vended for one tenant: what the table of profiles grants of the own tenant goes
 * through, and everything else is denied by the policies themselves.
 */
let world: StoresWorld;
let before: Snapshot;
let tried = 0;
const started = performance.now();

beforeAll(async () => {
  world = await createStoresWorld();
  before = await snapshot(world.test);
}, 180_000);
afterAll(async () => {
  await world?.test.close();
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`\nIsolation of stores: ${tried} generated attempts in ${seconds} s.\n`);
});

const profiles = Object.keys(accessProfiles) as ProfileName[];

type Verdict = 'allowed' | 'denied' | string;

async function verdictOf(call: Promise<unknown>): Promise<Verdict> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    if (name === 'AccessDeniedException' || name === 'AccessDenied') return 'denied';
    // Answers to HEAD have no body that could name the error.
    if ($metadata?.httpStatusCode === 403 && name !== 'InvalidClientTokenId') return 'denied';
    // The policies let it through; what the store makes of it is another matter.
    return /NoSuchKey|NotFound|ConditionalCheckFailed|TransactionCanceled/.test(name) ? 'allowed' : name;
  }
}

/** Collects what went otherwise than it must. */
function judge(faults: string[]) {
  return async (title: string, may: boolean, call: () => Promise<unknown>): Promise<void> => {
    tried += 1;
    const verdict = await verdictOf(call());
    const wanted = may ? 'allowed' : 'denied';
    if (verdict !== wanted) faults.push(`${title}: ${verdict}, not ${wanted}`);
  };
}

describe.each(profiles)('with credentials of %s for one tenant', (profile) => {
  it('tables give what is the tenant’s own and granted, and deny the rest', async () => {
    const { own, foreign } = world;
    const { clients } = clientsFor(world, await vended(world, profile));
    const faults: string[] = [];
    const expectThat = judge(faults);
    for (const [table, { indexes, rowsOf }] of Object.entries<TableCase>(tableCases)) {
      const name = world.tableOf(table);
      const [ownRows, foreignRows] = [rowsOf(own), rowsOf(foreign)];
      for (const [place, planted] of ownRows.entries()) {
        const ownKey = { ...planted, sk: 'attempt' };
        const foreignKey = foreignRows[place] ?? planted;
        for (const attempt of itemAttempts) {
          const { action, attributes } = attempt;
          const sets = [[ownKey], [foreignKey], ...trickKeys(ownKey, foreignKey).map((key) => [key])];
          if (attempt.several) sets.push([ownKey, foreignKey], [foreignKey, ownKey]);
          for (const keys of sets) {
            const may = mayCallTable(profile, own, { table, action, keys, attributes });
            const title = `${attempt.name} of ${table} ${keys.map(({ pk }) => pk).join(' and ')}`;
            await expectThat(title, may, () => attempt.run(clients, name, keys));
          }
        }
        for (const [title, run] of Object.entries(tableAttempts)) {
          await expectThat(`${title} of ${table}`, false, () => run(clients, name, ownKey, foreignKey));
        }
      }
      for (const index of indexes) {
        await expectThat(`query of the index ${index} of ${table}`, false, () => indexAttempt(clients, name, index));
      }
    }
    for (const tenant of [own, foreign]) {
      const name = world.siloTableOf(tenant);
      const key = { ...siloKey(tenant), sk: 'attempt' };
      for (const { name: title, action, run } of itemAttempts) {
        const may = mayCallSiloTable(profile, tenant === own, action);
        await expectThat(`${title} of the silo table of ${tenant}`, may, () => run(clients, name, [key]));
      }
      for (const [title, run] of Object.entries(tableAttempts)) {
        await expectThat(`${title} of the silo table of ${tenant}`, false, () => run(clients, name, key, key));
      }
    }
    clients.plain.destroy();
    expect(faults).toEqual([]);
  }, 120_000);

  it('buckets give what is below the tenant’s prefix and granted, and deny the rest', async () => {
    const { own, foreign } = world;
    const { s3 } = clientsFor(world, await vended(world, profile));
    const faults: string[] = [];
    const expectThat = judge(faults);
    for (const [bucket, { keyOf }] of Object.entries(bucketCases)) {
      const name = world.bucketOf(bucket);
      const [ownKey, foreignKey] = [keyOf(own).replace('planted', 'attempt'), keyOf(foreign)];
      const may = (action: string, key: string) => mayCallBucket(profile, own, { bucket, action, key });
      for (const key of [ownKey, foreignKey, ...trickObjects(ownKey, foreignKey, own, foreign)]) {
        for (const [title, { action, run }] of Object.entries(objectAttempts)) {
          await expectThat(`${title} ${bucket} ${key}`, may(action, key), () => run(s3, name, key));
        }
      }
      for (const [from, to] of [
        [foreignKey, ownKey],
        [ownKey, foreignKey],
        [foreignKey, `${foreignKey}.copy`],
      ] as const) {
        const allowed = may('GetObject', from) && may('PutObject', to);
        await expectThat(`copy ${bucket} ${from} to ${to}`, allowed, () => copyAttempt(s3, name, from, to));
      }
      const root = ownKey.slice(0, ownKey.indexOf('/') + 1);
      const prefixes = [undefined, '', root, `${root}${own}`, `${root}${own}/`, `${root}${own.slice(0, -1)}`];
      for (const prefix of [...prefixes, `${root}${foreign}/`, `${root}${own}/../${foreign}/`, `${root}ten_`]) {
        for (const delimiter of [undefined, '/']) {
          const title = `list ${bucket} ${prefix ?? 'without a prefix'}${delimiter ? ' by level' : ''}`;
          await expectThat(title, may('ListBucket', prefix ?? ''), () => listAttempt(s3, name, prefix, delimiter));
        }
      }
      for (const [title, run] of Object.entries(bucketAttempts)) {
        await expectThat(`${title} of ${bucket}`, false, () => run(s3, name));
      }
    }
    s3.destroy();
    expect(faults).toEqual([]);
  }, 120_000);

  it('no other role can be taken, and no other tenant', async () => {
    const { own, foreign } = world;
    const { sts } = clientsFor(world, await vended(world, profile));
    const faults: string[] = [];
    const expectThat = judge(faults);
    for (const target of profiles) {
      for (const tenant of [own, foreign]) {
        const command = new AssumeRoleCommand({
          RoleArn: profileRoleArn(world, target),
          RoleSessionName: 'chained-attempt',
          Tags: [{ Key: 'TenantId', Value: tenant }],
        });
        await expectThat(`role ${target} for ${tenant}`, false, () => sts.send(command));
      }
    }
    sts.destroy();
    expect(faults).toEqual([]);
  });
});

describe('vending', () => {
  const functionProfiles = profiles.filter((name) => accessProfiles[name].principal === 'function');

  it.each(functionProfiles)('gives %s to the functions that take it, with one tenant’s tag only', async (profile) => {
    const { own } = world;
    const taker = takerOf(profile);
    const { sts } = clientsFor(world, await ownCredentials(world, taker));
    const stranger = profile === 'tenant-data' ? 'api/keys' : 'api/collector';
    const others = clientsFor(world, await ownCredentials(world, stranger));
    const faults: string[] = [];
    const expectThat = judge(faults);
    const ask = (Tags: { Key: string; Value: string }[], more: object = {}) =>
      new AssumeRoleCommand({
        RoleArn: profileRoleArn(world, profile),
        RoleSessionName: 'vending-attempt',
        ...(Tags.length > 0 ? { Tags } : {}),
        ...more,
      });
    const tag = (Value: string) => [{ Key: 'TenantId', Value }];
    await expectThat('its tenant', true, () => sts.send(ask(tag(own))));
    await expectThat('with its tier', true, () => sts.send(ask([...tag(own), { Key: 'Tier', Value: 'premium' }])));
    for (const value of [
      '',
      'ten_',
      own.slice(0, -1),
      `${own}x`,
      own.replace('ten_', 'TEN_'),
      'all',
      'ten_=@:/+-._ ',
    ]) {
      await expectThat(`the tag ${JSON.stringify(value)}`, false, () => sts.send(ask(tag(value))));
    }
    // A tag cannot hold characters that mean something in a policy.
    for (const value of ['ten_*', '*', `ten_${'?'.repeat(26)}`]) {
      expect(await verdictOf(sts.send(ask(tag(value)))), value).toBe('ValidationError');
    }
    await expectThat('no tag', false, () => sts.send(ask([])));
    await expectThat('another tag', false, () => sts.send(ask([...tag(own), { Key: 'Operator', Value: 'true' }])));
    await expectThat('a tag in other letters', false, () => sts.send(ask([{ Key: 'tenantid', Value: own }])));
    await expectThat(`from ${stranger}`, false, () => others.sts.send(ask(tag(own))));
    sts.destroy();
    others.sts.destroy();
    expect(faults).toEqual([]);
  });

  it('is not widened by a session policy', async () => {
    const { own, foreign } = world;
    const { sts } = clientsFor(world, await ownCredentials(world, takerOf('tenant-member')));
    const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: profileRoleArn(world, 'tenant-member'),
        RoleSessionName: 'widening-attempt',
        Tags: [{ Key: 'TenantId', Value: own }],
        Policy: JSON.stringify(all),
      }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration = new Date(0) } = Credentials ?? {};
    const { clients } = clientsFor(world, {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    });
    const [foreignRow] = tableCases.Control.rowsOf(foreign);
    const [ownRow] = tableCases.Control.rowsOf(own);
    const [read] = itemAttempts;
    if (!foreignRow || !ownRow || !read) throw new Error('no rows');
    expect(await verdictOf(read.run(clients, world.tableOf('Control'), [ownRow]))).toBe('allowed');
    expect(await verdictOf(read.run(clients, world.tableOf('Control'), [foreignRow]))).toBe('denied');
    sts.destroy();
    clients.plain.destroy();
  });
});

describe('the suite itself', () => {
  it('has left every row and object as it was, but for those of its allowed calls', async () => {
    const changed = changes(before, await snapshot(world.test));
    expect(changed.filter((place) => !place.includes(world.own))).toEqual([]);
    expect(changed.some((place) => place.includes('attempt'))).toBe(true);
    const places = [...before.keys()];
    for (const [name, { rowsOf }] of Object.entries<TableCase>(tableCases)) {
      for (const { pk, sk } of rowsOf(world.foreign)) expect(places).toContain(`${name} ${pk} ${sk}`);
    }
    for (const [name, { keyOf }] of Object.entries(bucketCases)) {
      expect(places).toContain(`${world.bucketOf(name)} ${keyOf(world.foreign)}`);
    }
  });

  /** The stores of the evaluated program by the names of their resources. */
  const storesOfGraph = () => {
    const { graph } = world.test.cloud;
    const named = (type: string) => resourcesOfType(graph, type);
    return {
      tables: named('aws:dynamodb/table:Table').map(({ name }) => name.replace(/Table$/, '')),
      indexes: named('aws:dynamodb/table:Table').flatMap(({ name, inputs }) =>
        ((inputs.globalSecondaryIndexes ?? []) as { name: string }[]).map(
          (index) => `${name.replace(/Table$/, '')}.${index.name}`,
        ),
      ),
      buckets: named('aws:s3/bucket:Bucket').map(({ name }) => name),
      queues: named('aws:sqs/queue:Queue').map(({ name }) => name),
    };
  };
  const indexCases = Object.fromEntries(
    Object.entries<TableCase>(tableCases).flatMap(([table, { indexes }]) =>
      indexes.map((index) => [`${table}.${index}`, true]),
    ),
  );
  const bucketNames = Object.fromEntries(Object.keys(bucketCases).map((name) => [`${name}Bucket`, true]));

  it('has cases for every table, index, bucket and queue that is deployed', () => {
    const { tables, indexes, buckets, queues } = storesOfGraph();
    expect([
      ...missingCases('table', tables, tableCases),
      ...missingCases('index', indexes, indexCases),
      ...missingCases('bucket', buckets, { ...bucketNames, ...otherStores }),
      ...missingCases('queue', queues, otherStores),
    ]).toEqual([]);
  });

  it('fails by name for a store without cases', () => {
    expect(missingCases('table', ['Control', 'Orders'], tableCases)).toEqual([
      'The table Orders has no isolation case.',
    ]);
    expect(missingCases('index', ['Control.gsi1', 'Events.gsi9'], indexCases)).toEqual([
      'The index Events.gsi9 has no isolation case.',
    ]);
  });

  it('tries every profile by a function that takes it', () => {
    for (const profile of profiles) {
      if (accessProfiles[profile].principal === 'function') expect(takerOf(profile)).toBeTruthy();
    }
    expect(() => takerOf('tenant-nobody' as ProfileName)).toThrow('tenant-nobody has no isolation cases');
  });
});
