import { loadTenant } from '@tenantry/core/tenant/tenant';
import { createScope } from '../scoped/scope.ts';
import { createSiloClient } from '../silo-client.ts';
import { onboardingTask } from './onboarding-task.ts';

const scopeOf = createScope('tasks/onboarding-probe');
const askSilo = createSiloClient();

/** Asks the silo for a recommendation by the way that shoppers' requests will take. */
export const handler = onboardingTask('probe', scopeOf, async ({ tenantId }, { control }) => {
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
