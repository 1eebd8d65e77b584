import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../aws/engine.ts';

/** Gives an IAM principal a name and groups inside a cluster. */
export interface AccessEntry {
  /** `arn:aws:iam::<account>:role/<name>`, or the account's root. */
  readonly principalArn: string;
  /** By default the principal's own ARN. */
  readonly username?: string;
  readonly kubernetesGroups: readonly string[];
}

export interface ClusterSpec {
  readonly name: string;
  readonly roleArn: string;
  /** Kubernetes version, `1.34`. */
  readonly version: string;
  readonly accessEntries: readonly AccessEntry[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where a cluster's API server answers, as its clients learn it. */
export interface ClusterEndpoint {
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
}

export const clusterArn = (name: string): string => `arn:aws:eks:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:cluster/${name}`;

export const associationArn = (cluster: string, id: string): string =>
  `arn:aws:eks:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:podidentityassociation/${cluster}/${id}`;

/** The cluster as `DescribeCluster` shows it. Times are seconds. */
export const clusterView = (spec: ClusterSpec, at: ClusterEndpoint | undefined, createdAt: number): object => ({
  name: spec.name,
  arn: clusterArn(spec.name),
  createdAt,
  version: spec.version,
  roleArn: spec.roleArn,
  status: at ? 'ACTIVE' : 'CREATING',
  ...(at ? { endpoint: at.endpoint, certificateAuthority: { data: at.certificateAuthority } } : {}),
  accessConfig: { authenticationMode: 'API' },
  platformVersion: 'eks.1',
  tags: spec.tags ?? {},
});

/** `arn:aws:sts::1:assumed-role/Name/session` → `arn:aws:iam::1:role/Name`; other ARNs stay. A session does not tell its role's path. */
const principalOf = (callerArn: string): string => {
  const match = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(callerArn);
  return match ? `arn:aws:iam::${match[1]}:role/${match[2]}` : callerArn;
};

const withoutPath = (arn: string): string => arn.replace(/:role\/(?:.*\/)?([^/]+)$/, ':role/$1');

/** Who a caller is inside a cluster; `undefined` when no access entry names it. */
export function clusterIdentity(
  spec: ClusterSpec,
  callerArn: string,
): { readonly username: string; readonly groups: readonly string[] } | undefined {
  const principal = principalOf(callerArn);
  const entry = spec.accessEntries.find((one) => withoutPath(one.principalArn) === principal);
  return (
    entry && { username: entry.username ?? callerArn, groups: [...entry.kubernetesGroups, 'system:authenticated'] }
  );
}
