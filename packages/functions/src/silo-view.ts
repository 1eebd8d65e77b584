import type { TenantId } from '@tenantry/core/ids/id';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { readCounters } from './silo-client.ts';

/** What a silo says of itself, or why it says nothing. */
export async function askSilo({ siloEndpoint, siloAccessToken }: Tenant) {
  if (!siloEndpoint || !siloAccessToken) return { answer: null, problem: 'The silo has no endpoint yet.' };
  try {
    return { answer: await readCounters({ ...siloEndpoint, accessToken: siloAccessToken }), problem: null };
  } catch (error) {
    return { answer: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** How CloudWatch's console writes what it searches for in its addresses. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%', '*').toLowerCase();

/** CloudWatch Logs Insights over the functions of the stage, with what they say of a company. */
export function logsUrlOf(
  region: string,
  { stage, tenantId }: { readonly stage: string; readonly tenantId: TenantId },
) {
  const query = `SOURCE logGroups(namePrefix: ["/tenantry/${stage}/"]) | fields @timestamp, level, message, error, reason | filter tenantId = "${tenantId}" | sort @timestamp desc`;
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:logs-insights?queryDetail=~(editorString~'${escaped(query)}~queryLanguage~'CWLI)`;
}
