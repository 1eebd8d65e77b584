import type { ProfileName } from '@tenantry/core/isolation/profiles';
import {
  bucketAttempts,
  copies,
  foreignCopies,
  list,
  objectReads,
  objectUrls,
  objectWrites,
  prefixesOf,
  trickObjects,
} from './bucket-attempts.ts';
import type { Caller } from './caller.ts';
import type { Judge } from './judge.ts';
import { bucketGrants } from './policy.ts';
import { type BucketCase, systemBuckets } from './store-cases.ts';
import type { StoresWorld } from './world.ts';

interface Attempting {
  readonly world: StoresWorld;
  readonly profile: ProfileName;
  readonly caller: Caller;
  readonly judge: Judge;
}

/** Every attempt on a bucket of tenants: what is below the own prefix and granted goes through, and everything else is denied. */
export async function tryBucket(attempting: Attempting, bucket: string, { keysOf }: BucketCase): Promise<void> {
  const { own, foreign } = attempting.world;
  const foreignKeys = keysOf(foreign);
  for (const [place, planted] of keysOf(own).entries()) {
    await tryFolder(attempting, bucket, planted, foreignKeys[place] ?? '');
  }
}

async function tryFolder(
  { world, profile, caller, judge }: Attempting,
  bucket: string,
  planted: string,
  foreignKey: string,
): Promise<void> {
  const { own, foreign } = world;
  const name = world.bucketOf(`${bucket}Bucket`);
  const written = planted.replaceAll('planted', 'attempt');
  const root = planted.slice(0, planted.indexOf(own));
  const grants = (action: string, key: string) => bucketGrants(profile, own, { bucket, action, key });

  const on = async (attempts: typeof objectReads, key: string) => {
    for (const [title, { action, run }] of Object.entries(attempts)) {
      await judge.expectThat(`${title} of ${bucket} ${key}`, grants(action, key), () => run(caller, name, key));
    }
  };
  for (const key of [planted, foreignKey]) await on(objectReads, key);
  for (const key of [written, foreignKey]) await on({ ...objectWrites, ...objectUrls }, key);
  // Keys that come near matter where the action is granted for some; elsewhere reading stands for all.
  const near = Object.entries({ ...objectReads, ...objectWrites }).filter(
    ([title, { action }]) => grants(action, planted).length > 0 || title === 'GetObject',
  );
  for (const key of trickObjects(written, foreignKey, own, foreign)) await on(Object.fromEntries(near), key);

  for (const [title, run] of Object.entries(copies)) {
    const both = [...grants('GetObject', planted), ...grants('PutObject', written)];
    const may = grants('GetObject', planted).length > 0 && grants('PutObject', written).length > 0;
    await judge.expectThat(`${title} within ${bucket}`, may ? both : [], () => run(caller, name, planted, written));
  }
  for (const [title, run] of Object.entries(foreignCopies)) {
    for (const [from, to] of [
      [foreignKey, written],
      [planted, foreignKey],
      [foreignKey, `${foreignKey}.copy`],
    ] as const) {
      await judge.expectThat(`${title} in ${bucket} of ${from} to ${to}`, [], () => run(caller, name, from, to));
    }
  }
  for (const prefix of prefixesOf(root, own, foreign)) {
    for (const delimiter of [undefined, '/']) {
      const title = `list of ${bucket} ${prefix ?? 'without a prefix'}${delimiter ? ' by level' : ''}`;
      const granted = grants('ListBucket', prefix ?? '');
      await judge.expectThat(title, granted, () => list(caller, name, prefix, delimiter));
    }
  }
  for (const [title, run] of Object.entries(bucketAttempts)) {
    await judge.expectThat(`${title} of ${bucket}`, [], () => run(caller, name, `${root}${foreign}/`));
  }
}

/** The same on the buckets that are for no tenant, where all is denied. */
export async function trySystemBuckets({ world, caller, judge }: Attempting): Promise<void> {
  for (const bucket of Object.keys(systemBuckets)) {
    const name = world.bucketOf(bucket);
    for (const [title, { run }] of Object.entries({ ...objectReads, ...objectWrites, ...objectUrls })) {
      await judge.expectThat(`${title} of ${bucket}`, [], () => run(caller, name, `models/${world.own}/attempt`));
    }
    for (const [title, run] of Object.entries(bucketAttempts)) {
      await judge.expectThat(`${title} of ${bucket}`, [], () => run(caller, name, ''));
    }
  }
}
