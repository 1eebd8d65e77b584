import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterVariables } from '@tenantry/local/cloud/cluster-choice';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '@tenantry/local/cloud/local-cloud';
import { findPorts } from '@tenantry/local/cloud/ports';
import { instanceOf } from '@tenantry/local/demo/instance';
import { type Instance, Person } from '@tenantry/local/demo/journey';
import { joinOperators } from '@tenantry/local/demo/operators';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A local cloud of a test file's own: the deployed program, enforced by its own policies, on free ports. */
export interface TestCloud {
  readonly cloud: LocalCloud;
  readonly instance: Instance;
  /** Where the engines keep their state. */
  readonly dir: string;
  /** Somebody new, signed up and signed in. */
  signUp(): Promise<Person>;
  /** Somebody new with a company that has not paid yet. */
  newcomer(tier: 'standard' | 'premium'): Promise<Newcomer>;
  /** Somebody new with a paid and active company of the tier. */
  founder(tier: 'standard' | 'premium'): Promise<Founder>;
  /** Somebody new of the provider's staff. */
  operator(): Promise<Person>;
  close(): Promise<void>;
}

export interface Founder {
  readonly person: Person;
  readonly tenantId: string;
  readonly slug: string;
}

export interface Newcomer extends Founder {
  readonly checkoutUrl: string;
}

let serial = 0;

/** A name that no other test of this process uses. */
export const unique = (prefix: string): string => {
  serial += 1;
  return `${prefix}-${process.pid}-${serial}`;
};

/** One after the other: many sign-ups at once start as many functions at once, which a busy machine does not do in time. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work);
  turn = done.catch(() => undefined);
  return done;
}
let turn: Promise<unknown> = Promise.resolve();

export async function startTestCloud(
  options: Partial<Pick<LocalCloudOptions, 'site' | 'waitScale' | 'lambdaLimits' | 'usesDir'>> = {},
): Promise<TestCloud> {
  const dir = mkdtempSync(join(tmpdir(), 'tenantry-test-'));
  const usesDir = process.env.TENANTRY_USES_DIR;
  const cloud = await startLocalCloud({
    root,
    dir,
    ports: await findPorts(),
    environment: clusterVariables(process.env),
    usesDir,
    bundleCacheDir: join(root, 'node_modules', '.cache', 'tenantry'),
    ...options,
  });
  const instance = instanceOf(cloud);
  const signUp = async (): Promise<Person> => {
    const person = new Person(instance, `${unique('person')}@example.com`);
    await person.signUp();
    return person;
  };
  const newcomer: TestCloud['newcomer'] = (tier) =>
    inTurn(async () => {
      const person = await signUp();
      const slug = unique('shop');
      return { person, slug, ...(await person.register({ name: `Shop ${slug}`, slug, tier })) };
    });
  return {
    cloud,
    instance,
    dir,
    signUp,
    newcomer,
    async founder(tier) {
      const { checkoutUrl, ...founder } = await newcomer(tier);
      await founder.person.pay(checkoutUrl);
      await founder.person.onboarded();
      return founder;
    },
    async operator() {
      const person = await signUp();
      await joinOperators(cloud, person.email);
      await person.refresh();
      return person;
    },
    async close() {
      await cloud.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
