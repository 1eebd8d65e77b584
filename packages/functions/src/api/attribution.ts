import { takeFeedback } from '@tenantry/core/attribution/feedback';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

export const handler = createApi('attribution', createScope('api/attribution'), {
  sendFeedback: async ({ actor: { tenantId }, scoped, body, now }) => {
    const { Recommendations, Attribution } = scoped['tenant-feedback'];
    const stores = { recommendations: Recommendations, attribution: Attribution };
    const verdicts = await takeFeedback(stores, tenantId, body.feedback, now);
    const accepted = verdicts.filter(({ verdict }) => verdict === 'accepted').length;
    return { accepted, rejected: verdicts.length - accepted, verdicts: [...verdicts] };
  },
});
