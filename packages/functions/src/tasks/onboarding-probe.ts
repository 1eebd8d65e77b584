import { loadTenant } from '@tenantry/core/tenant/tenant';
import { ownTables } from '../scoped/own-tables.ts';
import { createSiloClient } from '../silo-client.ts';
import { onboardingTask } from './onboarding-task.ts';

const { Control: control } = ownTables('tasks/onboarding-probe');
const askSilo = createSiloClient();

/** Asks the silo for a recommendation by the way that shoppers' requests will take. */
export const handler = onboardingTask('probe', control, async ({ tenantId }) => {
  const { siloEndpoint, siloAccessToken } = await loadTenant(control, tenantId);
  if (!siloEndpoint || !siloAccessToken) throw new Error('The silo has no endpoint to probe.');
  try {
    const answer = await askSilo(
      { ...siloEndpoint, accessToken: siloAccessToken },
      { shopperId: 'onboarding-probe', limit: 1, exclude: [] },
    );
    return { ready: answer.servedBy === 'silo' };
  } catch (error) {
    return { ready: false, reason: `The silo does not answer yet: ${error instanceof Error ? error.message : error}` };
  }
});
