import { startTestCloud } from './support/test-cloud.ts';
const t0 = Date.now();
const log = (...t: unknown[]) => console.error(((Date.now() - t0) / 1000).toFixed(1), ...t);
try {
  const test = await startTestCloud();
  log('started');
  const f = await test.founder('standard');
  log('founder', f.tenantId, await f.person.api('getBilling', { bearer: f.person.accessToken }));
  await test.close();
} catch (error) { log(error); }
process.exit(0);
