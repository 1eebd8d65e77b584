import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** New versions of the recommender reach the silos wave after wave, unseen by shoppers, and go back by themselves when one is broken. */
let test: TestCloud;
let operator: Person;

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
}, 120_000);
afterAll(() => test?.close());

const bearer = () => ({ bearer: operator.accessToken });
const startRollout = (version: string) => operator.api('startRollout', { ...bearer(), body: { version } });
const readRollout = (rolloutId: string) => operator.api('readRollout', { ...bearer(), params: { rolloutId } });

async function ended(rolloutId: string, wanted: string) {
  return until(
    `the rollout ${wanted}`,
    async () => {
      const rollout = await readRollout(rolloutId);
      if (!rollout.endedAt) return undefined;
      if (rollout.status !== wanted) throw new Error(JSON.stringify(rollout));
      return rollout;
    },
    100_000,
  );
}

const podsOf = (tenantId: string) =>
  (test.cloud.kubernetes?.pods() ?? []).filter(({ namespace }) => tenantId.endsWith(namespace));
const versionsOf = (tenantId: string) => podsOf(tenantId).map(({ image }) => image.split(':').at(-1));

describe('a rollout', () => {
  it('works', async () => {
    const one = await test.founder('premium');
    const { id } = await startRollout('local-2');
    const rollout = await ended(id, 'succeeded');
    console.log(JSON.stringify(rollout, null, 1), versionsOf(one.tenantId));
    expect(await codeOf(startRollout('local-2'))).toBe('served');
  }, 120_000);
});
