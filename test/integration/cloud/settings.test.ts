import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 60_000);
afterAll(() => test?.close());

it('renames a company, for everybody who asks from then on, and says so in its audit log', async () => {
  const { person } = await test.founder('standard');
  const bearer = person.accessToken;
  const renamed = await person.api('updateTenant', { bearer, body: { name: 'Greener Shop' } });
  expect(renamed.name).toBe('Greener Shop');
  expect((await person.api('getTenant', { bearer })).name).toBe('Greener Shop');
  const { entries } = await person.api('listAudit', { bearer, query: { limit: '1' } });
  const me = await person.api('getMe', { bearer });
  expect(entries).toMatchObject([{ action: expect.stringMatching(/^tenant\./), actor: me.id }]);
});
