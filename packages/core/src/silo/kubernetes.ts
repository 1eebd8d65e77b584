/**
 * The Kubernetes objects of a silo, as far as this system uses them. Fields that are not here are not sent, so a
 * misspelt one is a type error before it is a refusal of the API server.
 */

export type Labels = Readonly<Record<string, string>>;

export interface ObjectMeta {
  readonly name: string;
  /** Absent for kinds that belong to the whole cluster. */
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

interface KubernetesObject<V extends string, K extends string> {
  readonly apiVersion: V;
  readonly kind: K;
  readonly metadata: ObjectMeta;
}

/** Amounts in Kubernetes' notation: `500m`, `1024Mi`, `7`. */
export type Amounts = Readonly<Record<string, string>>;

export type NamespaceManifest = KubernetesObject<'v1', 'Namespace'>;

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule';
}

export interface NodePoolManifest extends KubernetesObject<'karpenter.sh/v1', 'NodePool'> {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Labels };
      readonly spec: {
        readonly nodeClassRef: { readonly group: string; readonly kind: string; readonly name: string };
        readonly requirements: readonly {
          readonly key: string;
          readonly operator: 'In' | 'Gt';
          readonly values: readonly string[];
        }[];
        readonly taints: readonly Taint[];
        readonly expireAfter: string;
        readonly terminationGracePeriod: string;
      };
    };
    readonly limits: Amounts;
    readonly disruption: {
      readonly consolidationPolicy: 'WhenEmptyOrUnderutilized';
      readonly consolidateAfter: string;
      readonly budgets: readonly { readonly nodes: string }[];
    };
  };
}

export interface ResourceQuotaManifest extends KubernetesObject<'v1', 'ResourceQuota'> {
  readonly spec: { readonly hard: Amounts };
}

export interface LimitRangeManifest extends KubernetesObject<'v1', 'LimitRange'> {
  readonly spec: {
    readonly limits: readonly {
      readonly type: 'Container';
      readonly default: Amounts;
      readonly defaultRequest: Amounts;
      readonly max: Amounts;
    }[];
  };
}

export interface NetworkPolicyPeer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly namespaceSelector?: { readonly matchLabels: Labels };
}

export interface NetworkPolicyPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

export interface NetworkPolicyManifest extends KubernetesObject<'networking.k8s.io/v1', 'NetworkPolicy'> {
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: Labels };
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly {
      readonly from: readonly NetworkPolicyPeer[];
      readonly ports: readonly NetworkPolicyPort[];
    }[];
    readonly egress?: readonly {
      readonly to: readonly NetworkPolicyPeer[];
      readonly ports: readonly NetworkPolicyPort[];
    }[];
  };
}

export interface ServiceAccountManifest extends KubernetesObject<'v1', 'ServiceAccount'> {
  readonly automountServiceAccountToken: false;
}

export interface SecretManifest extends KubernetesObject<'v1', 'Secret'> {
  readonly type: 'Opaque';
  /** Values in base64. */
  readonly data: Labels;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/** What every container has. */
interface AnyContainer {
  readonly name: string;
  readonly image: string;
  readonly env: readonly EnvironmentVariable[];
  readonly resources: { readonly requests: Amounts; readonly limits: Amounts };
  readonly securityContext: {
    readonly allowPrivilegeEscalation: false;
    readonly readOnlyRootFilesystem: true;
    readonly capabilities: { readonly drop: readonly ['ALL'] };
  };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A container that answers for as long as it is there. */
export interface Container extends AnyContainer {
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly protocol: 'TCP' }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
}

/** A container that does its work and ends. */
export interface JobContainer extends AnyContainer {
  /** In the place of the image's own command, behind its entry point. */
  readonly args: readonly string[];
}

interface PodMetadata {
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** What every pod has. */
interface AnyPodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: false;
  readonly enableServiceLinks: false;
  readonly terminationGracePeriodSeconds: number;
  readonly nodeSelector: Labels;
  readonly tolerations: readonly (Taint & { readonly operator: 'Equal' })[];
  readonly securityContext: {
    readonly runAsNonRoot: true;
    readonly runAsUser: number;
    readonly runAsGroup: number;
    readonly fsGroup: number;
    readonly seccompProfile: { readonly type: 'RuntimeDefault' };
  };
  readonly volumes: readonly { readonly name: string; readonly emptyDir: { readonly sizeLimit: string } }[];
}

export interface PodTemplate {
  readonly metadata: PodMetadata;
  readonly spec: AnyPodSpec & {
    readonly topologySpreadConstraints: readonly {
      readonly maxSkew: number;
      readonly topologyKey: string;
      readonly whenUnsatisfiable: 'ScheduleAnyway';
      readonly labelSelector: { readonly matchLabels: Labels };
    }[];
    readonly containers: readonly [Container];
  };
}

/** What becomes of a Job when one of its pods has failed. */
export type PodFailureRule =
  | {
      readonly action: 'FailJob';
      readonly onExitCodes: { readonly operator: 'In'; readonly values: readonly number[] };
    }
  | {
      readonly action: 'Ignore';
      readonly onPodConditions: readonly { readonly type: 'DisruptionTarget'; readonly status: 'True' }[];
    };

export interface JobManifest extends KubernetesObject<'batch/v1', 'Job'> {
  readonly spec: {
    readonly completions: 1;
    readonly parallelism: 1;
    readonly backoffLimit: number;
    readonly activeDeadlineSeconds: number;
    readonly ttlSecondsAfterFinished: number;
    readonly podFailurePolicy: { readonly rules: readonly PodFailureRule[] };
    readonly template: {
      readonly metadata: PodMetadata;
      readonly spec: AnyPodSpec & { readonly restartPolicy: 'Never'; readonly containers: readonly [JobContainer] };
    };
  };
}

export interface DeploymentManifest extends KubernetesObject<'apps/v1', 'Deployment'> {
  readonly spec: {
    readonly selector: { readonly matchLabels: Labels };
    readonly revisionHistoryLimit: number;
    readonly progressDeadlineSeconds: number;
    readonly strategy: {
      readonly type: 'RollingUpdate';
      readonly rollingUpdate: { readonly maxSurge: number; readonly maxUnavailable: number };
    };
    readonly template: PodTemplate;
  };
}

export interface ServiceManifest extends KubernetesObject<'v1', 'Service'> {
  readonly spec: {
    readonly type: 'ClusterIP';
    readonly selector: Labels;
    readonly ports: readonly {
      readonly name: string;
      readonly port: number;
      readonly targetPort: string;
      readonly protocol: 'TCP';
    }[];
  };
}

export interface AutoscalerManifest extends KubernetesObject<'autoscaling/v2', 'HorizontalPodAutoscaler'> {
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion: 'apps/v1'; readonly kind: 'Deployment'; readonly name: string };
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: readonly {
      readonly type: 'Resource';
      readonly resource: {
        readonly name: 'cpu';
        readonly target: { readonly type: 'Utilization'; readonly averageUtilization: number };
      };
    }[];
    readonly behavior: { readonly scaleDown: { readonly stabilizationWindowSeconds: number } };
  };
}

export interface DisruptionBudgetManifest extends KubernetesObject<'policy/v1', 'PodDisruptionBudget'> {
  readonly spec: {
    readonly maxUnavailable: number;
    readonly selector: { readonly matchLabels: Labels };
    readonly unhealthyPodEvictionPolicy: 'AlwaysAllow';
  };
}

export interface IngressManifest extends KubernetesObject<'networking.k8s.io/v1', 'Ingress'> {
  readonly spec: {
    readonly ingressClassName: string;
    readonly tls: readonly { readonly hosts: readonly string[] }[];
    readonly rules: readonly {
      readonly host: string;
      readonly http: {
        readonly paths: readonly {
          readonly path: string;
          readonly pathType: 'Prefix';
          readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
        }[];
      };
    }[];
  };
}

/** One object of a silo. */
export type Manifest =
  | NamespaceManifest
  | NodePoolManifest
  | ResourceQuotaManifest
  | LimitRangeManifest
  | NetworkPolicyManifest
  | ServiceAccountManifest
  | SecretManifest
  | DeploymentManifest
  | ServiceManifest
  | AutoscalerManifest
  | DisruptionBudgetManifest
  | IngressManifest;

export type SiloKind = Manifest['kind'];
