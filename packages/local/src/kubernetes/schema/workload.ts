import {
  amounts,
  dnsLabel,
  dnsSubdomain,
  type Field,
  flag,
  integer,
  intOrString,
  labelSelector,
  labels,
  list,
  listBy,
  matching,
  object,
  oneOf,
  protocol,
  quantity,
  setOf,
  stringMap,
  text,
} from './field.ts';

const port = integer(1, 65_535);

const probe = object(
  {
    httpGet: object(
      {
        path: text,
        port: intOrString,
        scheme: oneOf('HTTP', 'HTTPS'),
        httpHeaders: list(object({ name: text, value: text }, 'name', 'value')),
      },
      'port',
    ),
    initialDelaySeconds: integer(0),
    periodSeconds: integer(1),
    timeoutSeconds: integer(1),
    failureThreshold: integer(1),
    successThreshold: integer(1),
  },
  'httpGet',
);

const seccompProfile = object({ type: oneOf('RuntimeDefault', 'Unconfined', 'Localhost') }, 'type');
const capabilities = object({ add: list(text), drop: list(text) });

const environmentVariable = object(
  {
    name: matching(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/),
    value: text,
    valueFrom: object({
      secretKeyRef: object({ name: text, key: text, optional: flag }, 'name', 'key'),
      configMapKeyRef: object({ name: text, key: text, optional: flag }, 'name', 'key'),
      fieldRef: object(
        { fieldPath: oneOf('metadata.name', 'metadata.namespace', 'metadata.uid', 'status.podIP') },
        'fieldPath',
      ),
    }),
  },
  'name',
);

const container = object(
  {
    name: dnsLabel,
    image: text,
    imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
    command: list(text),
    args: list(text),
    workingDir: text,
    ports: listBy(
      ['containerPort', 'protocol'],
      object({ name: dnsLabel, containerPort: port, protocol }, 'containerPort'),
    ),
    env: listBy(['name'], environmentVariable),
    resources: object({ requests: amounts, limits: amounts }),
    startupProbe: probe,
    readinessProbe: probe,
    livenessProbe: probe,
    lifecycle: object({ preStop: object({ sleep: object({ seconds: integer(0) }, 'seconds') }) }),
    securityContext: object({
      allowPrivilegeEscalation: flag,
      privileged: flag,
      readOnlyRootFilesystem: flag,
      runAsNonRoot: flag,
      runAsUser: integer(0),
      runAsGroup: integer(0),
      capabilities,
      seccompProfile,
    }),
    volumeMounts: listBy(
      ['mountPath'],
      object({ name: dnsLabel, mountPath: text, readOnly: flag, subPath: text }, 'name', 'mountPath'),
    ),
    terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError'),
  },
  'name',
  'image',
);

export const podSpec: Field = object(
  {
    serviceAccountName: text,
    automountServiceAccountToken: flag,
    enableServiceLinks: flag,
    terminationGracePeriodSeconds: integer(0),
    restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
    hostNetwork: flag,
    hostPID: flag,
    hostIPC: flag,
    nodeSelector: stringMap,
    priorityClassName: text,
    tolerations: list(
      object({
        key: text,
        operator: oneOf('Exists', 'Equal'),
        value: text,
        effect: text,
        tolerationSeconds: integer(),
      }),
    ),
    securityContext: object({
      runAsNonRoot: flag,
      runAsUser: integer(0),
      runAsGroup: integer(0),
      fsGroup: integer(0),
      supplementalGroups: list(integer(0)),
      seccompProfile,
    }),
    topologySpreadConstraints: listBy(
      ['topologyKey', 'whenUnsatisfiable'],
      object(
        {
          maxSkew: integer(1),
          topologyKey: text,
          whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
          labelSelector,
          minDomains: integer(1),
          matchLabelKeys: setOf(text),
        },
        'maxSkew',
        'topologyKey',
        'whenUnsatisfiable',
      ),
    ),
    containers: listBy(['name'], container, 1),
    volumes: listBy(
      ['name'],
      object(
        {
          name: dnsLabel,
          emptyDir: object({ sizeLimit: quantity, medium: oneOf('', 'Memory') }),
          hostPath: object({ path: text, type: text }, 'path'),
        },
        'name',
      ),
    ),
  },
  'containers',
);

const rollingUpdate = object({ maxSurge: intOrString, maxUnavailable: intOrString });

const podTemplate = object(
  { metadata: object({ labels, annotations: stringMap, name: dnsSubdomain }), spec: podSpec },
  'metadata',
  'spec',
);

export const deploymentSpec: Field = object(
  {
    replicas: integer(0),
    selector: labelSelector,
    revisionHistoryLimit: integer(0),
    progressDeadlineSeconds: integer(1),
    minReadySeconds: integer(0),
    paused: flag,
    strategy: object({ type: oneOf('RollingUpdate', 'Recreate'), rollingUpdate }),
    template: podTemplate,
  },
  'selector',
  'template',
);

const podFailureRule = object(
  {
    action: oneOf('FailJob', 'FailIndex', 'Ignore', 'Count'),
    onExitCodes: object(
      { containerName: dnsLabel, operator: oneOf('In', 'NotIn'), values: setOf(integer()) },
      'operator',
      'values',
    ),
    onPodConditions: list(object({ type: text, status: oneOf('True', 'False', 'Unknown') }, 'type', 'status')),
  },
  'action',
);

export const jobSpec: Field = object(
  {
    completions: integer(0),
    parallelism: integer(0),
    backoffLimit: integer(0),
    activeDeadlineSeconds: integer(1),
    ttlSecondsAfterFinished: integer(0),
    completionMode: oneOf('NonIndexed'),
    podReplacementPolicy: oneOf('TerminatingOrFailed', 'Failed'),
    podFailurePolicy: object({ rules: list(podFailureRule) }, 'rules'),
    template: podTemplate,
  },
  'template',
);

export const autoscalerSpec: Field = object(
  {
    scaleTargetRef: object({ apiVersion: text, kind: text, name: text }, 'kind', 'name'),
    minReplicas: integer(1),
    maxReplicas: integer(1),
    metrics: list(
      object(
        {
          type: oneOf('Resource'),
          resource: object(
            {
              name: oneOf('cpu', 'memory'),
              target: object(
                {
                  type: oneOf('Utilization', 'AverageValue'),
                  averageUtilization: integer(1),
                  averageValue: quantity,
                },
                'type',
              ),
            },
            'name',
            'target',
          ),
        },
        'type',
      ),
    ),
    behavior: object({
      scaleDown: object({ stabilizationWindowSeconds: integer(0, 3600) }),
      scaleUp: object({ stabilizationWindowSeconds: integer(0, 3600) }),
    }),
  },
  'scaleTargetRef',
  'maxReplicas',
);

export const disruptionBudgetSpec: Field = object({
  minAvailable: intOrString,
  maxUnavailable: intOrString,
  selector: labelSelector,
  unhealthyPodEvictionPolicy: oneOf('IfHealthyBudget', 'AlwaysAllow'),
});
