import { siloNamespace } from '@tenantry/core/silo/names';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, createCaller } from './stores/caller.ts';
import { storesOf, uncovered } from './stores/completeness.ts';
import {
  asking,
  callerOfFunction,
  callerWith,
  isFunctionProfile,
  profileNames,
  profileRoleArn,
  takerOf,
} from './stores/credentials.ts';
import { createJudge, type Judge, type Tally, verdictOf } from './stores/judge.ts';
import { tryBucket, trySystemBuckets } from './stores/on-buckets.ts';
import { tryAcross, trySiloTables, tryTable } from './stores/on-tables.ts';
import { changes, type Picture, pictureOf } from './stores/picture.ts';
import { grantNames } from './stores/policy.ts';
import { queueAttempts, serviceAttempts } from './stores/service-attempts.ts';
import { type BucketCase, bucketCases, type TableCase, tableCases } from './stores/store-cases.ts';
import { malformed, tryChaining, tryServices, tryTags, tryTakers } from './stores/vending.ts';
import { createStoresWorld, mayChange, type StoresWorld } from './stores/world.ts';

/**
 * Every store × every access profile × every way in, with credentials vended for one tenant: what the table of profiles grants of the own
 * tenant goes through, and everything else is denied by the policies themselves.
 */
let world: StoresWorld;
let before: Picture;
const tally: Tally = { tried: 0, proven: new Set() };
const started = performance.now();

beforeAll(async () => {
  world = await createStoresWorld();
  before = await pictureOf(world.test.cloud);
}, 180_000);
afterAll(async () => {
  await world?.test.close();
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`\nIsolation of stores: ${tally.tried} generated attempts in ${seconds} s.\n`);
});

describe.each(profileNames)('with credentials of %s for one tenant', (profile) => {
  let caller: Caller;
  let judge: Judge;
  beforeAll(async () => {
    caller = await callerWith(world, profile);
  });
  afterAll(() => caller?.close());
  const attempting = () => {
    judge = createJudge(world, tally, profile);
    return { world, profile, caller, judge };
  };

  describe('tables give what is the tenant’s own and granted, and deny the rest', () => {
    it.each(Object.entries<TableCase>(tableCases))(
      '%s',
      async (table, tableCase) => {
        await tryTable(attempting(), table, tableCase);
        expect(judge.faults).toEqual([]);
      },
      90_000,
    );
  });

  it('tables of silos give what is granted of the tenant’s own, and deny the rest', async () => {
    await trySiloTables(attempting());
    expect(judge.faults).toEqual([]);
  });

  it('calls over two tables, and streams, are denied', async () => {
    await tryAcross(attempting());
    expect(judge.faults).toEqual([]);
  });

  describe('buckets give what is below the tenant’s prefix and granted, and deny the rest', () => {
    it.each(Object.entries<BucketCase>(bucketCases))('%s', async (bucket, bucketCase) => {
      await tryBucket(attempting(), bucket, bucketCase);
      expect(judge.faults).toEqual([]);
    });
  });

  it('buckets and queues that are for no tenant deny everything', async () => {
    await trySystemBuckets(attempting());
    const { graph, urls } = world.test.cloud;
    for (const { name, id, arn = '' } of resourcesOfType(graph, 'aws:sqs/queue:Queue')) {
      const queue = { url: id.replace(/^https:\/\/[^/]+/, urls.aws), arn };
      for (const [title, run] of Object.entries(queueAttempts)) {
        await judge.expectThat(`${title} of ${name}`, [], () => run(caller, queue));
      }
    }
    expect(judge.faults).toEqual([]);
  });

  it('other services are denied', async () => {
    attempting();
    const services = serviceAttempts(world.test.cloud.graph, siloNamespace(world.foreign));
    for (const [title, run] of Object.entries(services)) await judge.expectThat(title, [], () => run(caller));
    expect(judge.faults).toEqual([]);
  });

  it('no other role can be taken, and no other tenant', async () => {
    attempting();
    await tryChaining(world, caller, profileNames, judge);
    expect(judge.faults).toEqual([]);
  });
});

describe('vending', () => {
  const profiles = profileNames.filter(isFunctionProfile);

  it.each(profiles)('gives %s to the functions that take it, with one tenant’s tag only', async (profile) => {
    const judge = createJudge(world, tally, profile);
    await tryTakers(world, profile, judge);
    await tryTags(world, profile, judge);
    expect(judge.faults).toEqual([]);
  });

  it('takes no tag that could stand for several tenants', async () => {
    const { sts, close } = await callerOfFunction(world, takerOf('tenant-member'));
    for (const [title, tags] of Object.entries(malformed(world.own, world.foreign))) {
      const command = asking(world, 'tenant-member', {}, { Tags: [...tags] });
      await expect(sts.send(command), title).rejects.toMatchObject({ name: /ValidationError|InvalidParameterValue/ });
    }
    close();
  });

  it('gives nothing to the account’s root, and roles of profiles to no service', async () => {
    const { cloud } = world.test;
    const root = createCaller(cloud.urls.aws, cloud.rootCredentials);
    for (const profile of profileNames) {
      const command = asking(world, profile, { TenantId: world.own });
      await expect(root.sts.send(command)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    root.close();
    expect(await tryServices(world)).toEqual([]);
  });

  it('is not widened by a session policy', async () => {
    const { sts, close } = await callerOfFunction(world, takerOf('tenant-member'));
    const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const { Credentials } = await sts.send(
      asking(world, 'tenant-member', { TenantId: world.own }, { Policy: JSON.stringify(everything) }),
    );
    close();
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const caller = createCaller(world.test.cloud.urls.aws, {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    const judge = createJudge(world, tally, 'tenant-member');
    await tryTable({ world, profile: 'tenant-member', caller, judge }, 'Control', tableCases.Control);
    caller.close();
    expect(judge.faults).toEqual([]);
  });
});

describe('the suite itself', () => {
  it('has changed nothing but what the one tenant may write of its own', async () => {
    const changed = changes(before, await pictureOf(world.test.cloud));
    expect(changed.filter((place) => !mayChange(world, place))).toEqual([]);
    // Else nothing was tried, or the picture shows nothing.
    expect(changed.length).toBeGreaterThan(0);
  });

  it('has seen every grant of every profile at work', () => {
    const all = profileNames.flatMap((profile) => grantNames(profile).map((grant) => `${profile}: ${grant}`));
    expect(all.filter((grant) => !tally.proven.has(grant))).toEqual([]);
  });

  it('has cases for every table, index, bucket and queue that is deployed', () => {
    expect(uncovered(storesOf(world.test.cloud.graph))).toEqual([]);
  });

  it('fails by name for a store or a profile without cases', () => {
    const { tables, indexes, buckets, queues } = storesOf(world.test.cloud.graph);
    const more = {
      tables: [...tables, 'Orders'],
      indexes: [...indexes, 'Events.gsi9'],
      buckets: [...buckets, 'ReportsBucket'],
      queues: [...queues, 'OrdersQueue'],
    };
    expect(uncovered(more)).toEqual([
      'The table Orders has no isolation case.',
      'The index Events.gsi9 has no isolation case.',
      'The bucket ReportsBucket has no isolation case.',
      'The queue OrdersQueue has no isolation case.',
    ]);
    const unknown = 'tenant-nobody' as 'tenant-member';
    expect(() => takerOf(unknown)).toThrow('The access profile tenant-nobody has no isolation cases');
    expect(() => profileRoleArn(world, unknown)).toThrow('The access profile tenant-nobody has no role');
  });

  it('tells a denial by a policy from any other error', async () => {
    const failing = (name: string, message: string) => () =>
      Promise.reject(Object.assign(new Error(message), { name }));
    const denial = 'User: a is not authorized to perform: s3:GetObject';
    expect(await verdictOf(failing('AccessDenied', denial))).toBe('denied');
    expect(await verdictOf(failing('AccessDenied', 'Access Denied'))).toBe('AccessDenied: Access Denied');
    expect(await verdictOf(failing('ValidationException', 'x'))).toBe('ValidationException: x');
    expect(await verdictOf(failing('NoSuchKey', 'x'))).toBe('allowed');
  });
});
