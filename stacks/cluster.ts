import type { DeployedFunction } from './function.ts';
import { createPodRole } from './isolation.ts';
import { resourceName } from './naming.ts';
import { createNetwork } from './network.ts';
import type { SiloSettings, StageSettings } from './stage.ts';
import type { Storage } from './storage.ts';

const KUBERNETES_VERSION = '1.35';

export type Silos = ReturnType<typeof createSilos>;

const trust = (service: string, actions: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: actions }],
  });

const managed = (...names: readonly string[]): string[] => names.map((name) => `arn:aws:iam::aws:policy/${name}`);

/** EKS in Auto Mode, for tenants with resources of their own, and the registry of the image that they run. */
export function createSilos(options: { stage: StageSettings; settings: SiloSettings; storage: Storage }) {
  const { stage, settings, storage } = options;
  const name = resourceName('silos');
  const { privateSubnetIds } = createNetwork(settings);

  const clusterRole = new aws.iam.Role('SilosCluster', {
    name: resourceName('silos-cluster'),
    assumeRolePolicy: trust('eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']),
    managedPolicyArns: managed(
      'AmazonEKSClusterPolicy',
      'AmazonEKSComputePolicy',
      'AmazonEKSBlockStoragePolicy',
      'AmazonEKSLoadBalancingPolicy',
      'AmazonEKSNetworkingPolicy',
    ),
  });
  const nodeRole = new aws.iam.Role('SilosNode', {
    name: resourceName('silos-node'),
    assumeRolePolicy: trust('ec2.amazonaws.com', ['sts:AssumeRole']),
    managedPolicyArns: managed('AmazonEKSWorkerNodeMinimalPolicy', 'AmazonEC2ContainerRegistryPullOnly'),
  });
  const log = new aws.cloudwatch.LogGroup('SilosLog', {
    name: `/aws/eks/${name}/cluster`,
    retentionInDays: stage.logRetentionDays,
  });
  const cluster = new aws.eks.Cluster(
    'Silos',
    {
      name,
      version: KUBERNETES_VERSION,
      roleArn: clusterRole.arn,
      bootstrapSelfManagedAddons: false,
      accessConfig: {
        authenticationMode: 'API',
        // Whoever deploys installs the ClusterRole of the provisioner; nobody else is an administrator.
        bootstrapClusterCreatorAdminPermissions: true,
      },
      computeConfig: { enabled: true, nodePools: ['general-purpose', 'system'], nodeRoleArn: nodeRole.arn },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true }, serviceIpv4Cidr: '172.20.0.0/16' },
      storageConfig: { blockStorage: { enabled: true } },
      // The provisioning function calls the API from outside the VPC, with an IAM identity.
      vpcConfig: { subnetIds: privateSubnetIds, endpointPrivateAccess: true, endpointPublicAccess: true },
      enabledClusterLogTypes: ['api', 'audit', 'authenticator'],
      upgradePolicy: { supportType: 'STANDARD' },
      deletionProtection: stage.deletionProtection,
    },
    { dependsOn: [log] },
  );
  const images = new aws.ecr.Repository('RecommenderImages', {
    name: resourceName('recommender'),
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    forceDelete: stage.removal === 'remove',
  });

  return {
    cluster,
    podRole: createPodRole('SiloPod', { storage, clusterName: name }),
    trainerRole: createPodRole('TrainerPod', { storage, clusterName: name }),
    image: $interpolate`${images.repositoryUrl}:${settings.imageTag}`,
    domain: settings.domain,
    soakSeconds: settings.soakSeconds,
    /** Lets a function into the cluster as a member of a group, whose rules the foundation holds. */
    admit(name: string, fn: DeployedFunction, group: string): void {
      new aws.eks.AccessEntry(name, {
        clusterName: cluster.name,
        principalArn: fn.roleArn,
        kubernetesGroups: [group],
        type: 'STANDARD',
      });
    },
  };
}
