import { StatusError } from '../api/status.ts';
import { isJsonObject, type JsonObject, sameJson } from '../object.ts';
import {
  amounts,
  type Field,
  type Fields,
  flag,
  list,
  map,
  matching,
  object,
  oneOf,
  stringMap,
  text,
} from './field.ts';
import { type Finding, type Findings, inspect } from './inspect.ts';
import { metadataField } from './meta.ts';
import { ingressClassParamsSpec, ingressClassSpec, ingressSpec, networkPolicySpec, serviceSpec } from './network.ts';
import { nodeClassSpec, nodePoolSpec } from './node.ts';
import { autoscalerSpec, deploymentSpec, disruptionBudgetSpec, jobSpec, podSpec } from './workload.ts';

export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** The whole object. */
  readonly field: Field & { readonly type: 'object' };
  /** Dotted paths that keep their first value. */
  readonly immutable: readonly string[];
  /** Only the cluster's own controllers make these. */
  readonly readOnly: boolean;
}

interface KindOptions {
  readonly clusterWide?: boolean;
  readonly immutable?: readonly string[];
  readonly readOnly?: boolean;
}

function kind(apiVersion: string, name: string, plural: string, fields: Fields, options: KindOptions = {}): Kind {
  return {
    apiVersion,
    kind: name,
    plural,
    namespaced: !options.clusterWide,
    field: {
      type: 'object',
      fields: { apiVersion: text, kind: text, metadata: metadataField, ...fields },
      required: ['apiVersion', 'kind', 'metadata', ...(fields.spec ? ['spec'] : [])],
    },
    immutable: options.immutable ?? [],
    readOnly: options.readOnly ?? false,
  };
}

const base64 = matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
const cluster = { clusterWide: true } as const;
const limit = object(
  { type: oneOf('Container'), default: amounts, defaultRequest: amounts, max: amounts, min: amounts },
  'type',
);

/**
 * The kinds that the cluster serves. There is no ReplicaSet: a Deployment owns its pods directly, and the hash of its
 * template tells them apart.
 */
export const kinds: readonly Kind[] = [
  kind('v1', 'Namespace', 'namespaces', {}, cluster),
  kind('v1', 'ServiceAccount', 'serviceaccounts', { automountServiceAccountToken: flag }),
  kind('v1', 'Secret', 'secrets', { type: text, data: map(base64), immutable: flag }, { immutable: ['type'] }),
  kind('v1', 'ConfigMap', 'configmaps', { data: stringMap, immutable: flag }),
  kind('v1', 'ResourceQuota', 'resourcequotas', { spec: object({ hard: amounts }) }),
  kind('v1', 'LimitRange', 'limitranges', { spec: object({ limits: list(limit) }, 'limits') }),
  kind('v1', 'Service', 'services', { spec: serviceSpec }),
  kind('v1', 'Pod', 'pods', { spec: podSpec }, { readOnly: true }),
  kind('v1', 'Event', 'events', {}, { readOnly: true }),
  kind('apps/v1', 'Deployment', 'deployments', { spec: deploymentSpec }, { immutable: ['spec.selector'] }),
  kind(
    'batch/v1',
    'Job',
    'jobs',
    { spec: jobSpec },
    { immutable: ['spec.completions', 'spec.podFailurePolicy', 'spec.template'] },
  ),
  kind('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', { spec: autoscalerSpec }),
  kind('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', { spec: disruptionBudgetSpec }),
  kind('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', { spec: networkPolicySpec }),
  kind('networking.k8s.io/v1', 'Ingress', 'ingresses', { spec: ingressSpec }),
  kind('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', { spec: ingressClassSpec }, cluster),
  kind('karpenter.sh/v1', 'NodePool', 'nodepools', { spec: nodePoolSpec }, cluster),
  kind('eks.amazonaws.com/v1', 'NodeClass', 'nodeclasses', { spec: nodeClassSpec }, cluster),
  kind('eks.amazonaws.com/v1', 'IngressClassParams', 'ingressclassparams', { spec: ingressClassParamsSpec }, cluster),
];

const byResource = new Map(kinds.map((one) => [`${one.apiVersion}/${one.plural}`, one]));
export const kindServedAt = (apiVersion: string, plural: string): Kind | undefined =>
  byResource.get(`${apiVersion}/${plural}`);

const byName = new Map(kinds.map((one) => [one.kind, one]));
/** @throws {TypeError} for a kind that the cluster does not serve */
export function kindNamed(name: string): Kind {
  const found = byName.get(name);
  if (!found) throw new TypeError(`The cluster serves no ${name}.`);
  return found;
}

export const groupOf = ({ apiVersion }: Kind): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/**
 * Refuses fields that do not exist and values of a wrong type.
 * @throws {StatusError} `BadRequest`
 */
export function assertDecodes(served: Kind, body: JsonObject): void {
  const findings: Findings = { unknown: [], mistyped: [], invalid: [] };
  inspect(served.field, body, '', findings);
  const strict = findings.unknown.map((path) => `unknown field "${path}"`);
  if (strict.length > 0) {
    throw new StatusError(
      'BadRequest',
      `failed to create typed patch object: strict decoding error: ${strict.join(', ')}`,
    );
  }
  if (findings.mistyped.length > 0) {
    throw new StatusError('BadRequest', `failed to create typed patch object: ${findings.mistyped.join(', ')}`);
  }
}

/**
 * Refuses a whole object that breaks the rules of its kind, alone or against what it was.
 * @throws {StatusError} `Invalid`
 */
export function assertValid(served: Kind, body: JsonObject, live?: JsonObject): void {
  const findings: Findings = { unknown: [], mistyped: [], invalid: [] };
  inspect(served.field, body, '', findings);
  const invalid = [...findings.invalid, ...brokenRules(served, body)];
  for (const path of live ? served.immutable : []) {
    if (!sameJson(at(live, path), at(body, path))) {
      invalid.push({ field: path, message: 'Invalid value: field is immutable', reason: 'FieldValueInvalid' });
    }
  }
  if (invalid.length === 0) return;
  const name = String(at(body, 'metadata.name'));
  throw new StatusError(
    'Invalid',
    `${served.kind} "${name}" is invalid: ${invalid.map(({ field, message }) => `${field}: ${message}`).join(', ')}`,
    { name, group: groupOf(served), kind: served.kind, causes: invalid },
  );
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce((inner: unknown, name) => (isJsonObject(inner) ? inner[name] : undefined), value);

function brokenRules(served: Kind, body: JsonObject): readonly Finding[] {
  if (served.kind !== 'Deployment' && served.kind !== 'Job') return [];
  const broken = (field: string, message: string): Finding => ({ field, message, reason: 'FieldValueInvalid' });
  const containers = at(body, 'spec.template.spec.containers');
  return [
    ...(served.kind === 'Job' ? brokenRulesOfJob(body) : brokenRulesOfDeployment(body)).map((one) => broken(...one)),
    ...(Array.isArray(containers) && containers.length > 1
      ? [broken('spec.template.spec.containers', 'Invalid value: this cluster runs one container in a pod')]
      : []),
  ];
}

type Broken = readonly [field: string, message: string];

function brokenRulesOfDeployment(body: JsonObject): readonly Broken[] {
  const wanted = at(body, 'spec.selector.matchLabels');
  const labels = at(body, 'spec.template.metadata.labels');
  const matches =
    isJsonObject(wanted) &&
    Object.keys(wanted).length > 0 &&
    Object.entries(wanted).every(([name, value]) => isJsonObject(labels) && labels[name] === value);
  const policy = at(body, 'spec.template.spec.restartPolicy') ?? 'Always';
  return [
    ...(matches
      ? []
      : [['spec.template.metadata.labels', 'Invalid value: `selector` does not match template `labels`'] as const]),
    ...(policy === 'Always' ? [] : [[restartPolicy, unsupported(policy, 'Always')] as const]),
  ];
}

function brokenRulesOfJob(body: JsonObject): readonly Broken[] {
  const policy = at(body, restartPolicy);
  const ends = policy === 'OnFailure' || policy === 'Never';
  const judged = at(body, 'spec.podFailurePolicy') !== undefined;
  const several = ['completions', 'parallelism'].filter((name) => Number(at(body, `spec.${name}`) ?? 1) > 1);
  return [
    ...(policy === undefined ? [[restartPolicy, 'Required value: valid values: "OnFailure", "Never"'] as const] : []),
    ...(policy === undefined || ends ? [] : [[restartPolicy, unsupported(policy, 'OnFailure', 'Never')] as const]),
    ...(judged && policy !== 'Never'
      ? [[restartPolicy, 'Invalid value: only "Never" is supported when podFailurePolicy is specified'] as const]
      : []),
    ...several.map((name) => [`spec.${name}`, 'Invalid value: this cluster runs one pod of a Job'] as const),
  ];
}

const restartPolicy = 'spec.template.spec.restartPolicy';
const unsupported = (value: unknown, ...supported: readonly string[]): string =>
  `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((one) => `"${one}"`).join(', ')}`;
