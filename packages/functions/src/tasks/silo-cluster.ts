import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { type ClusterClient, clusterClient } from '@tenantry/core/silo/cluster/client';
import { eksToken } from '@tenantry/core/silo/token';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';

const TOKEN_KEPT_MS = 30_000;

/** The cluster of the stage's silos, found once per environment; its token is renewed before the minute for which it counts is over. */
export function siloCluster(): { readonly eks: EKSClient; connect(): Promise<ClusterClient> } {
  const environment = readEnvironment({
    STAGE: required,
    /** Empty on a stage that has no silos. */
    CLUSTER_NAME: z.string(),
    AWS_REGION: required,
    /** Set where STS is not AWS's own. */
    AWS_ENDPOINT_URL: z.url().optional(),
  });
  const eks = new EKSClient({});

  async function open(): Promise<ClusterClient> {
    if (!environment.CLUSTER_NAME) throw new Error(`The stage ${environment.STAGE} has no cluster for silos.`);
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: environment.CLUSTER_NAME }));
    const { endpoint, certificateAuthority } = cluster ?? {};
    if (!endpoint || !certificateAuthority?.data) throw new Error('The cluster for silos is not ready.');
    let token: { readonly value: Promise<string>; readonly until: number } | undefined;
    return clusterClient({
      endpoint,
      certificateAuthority: certificateAuthority.data,
      token: () => {
        if (!token || token.until < Date.now()) {
          const value = eksToken({
            clusterName: environment.CLUSTER_NAME,
            region: environment.AWS_REGION,
            credentials: eks.config.credentials,
            ...(environment.AWS_ENDPOINT_URL ? { endpoint: environment.AWS_ENDPOINT_URL } : {}),
          });
          token = { value, until: Date.now() + TOKEN_KEPT_MS };
        }
        return token.value;
      },
    });
  }

  let connecting: Promise<ClusterClient> | undefined;
  return {
    eks,
    connect() {
      connecting ??= open().catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
      return connecting;
    },
  };
}
