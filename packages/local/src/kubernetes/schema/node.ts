import { amounts, type Field, integer, labels, list, object, oneOf, quantity, stringMap, text } from './field.ts';

const taint = object(
  { key: text, value: text, effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute') },
  'key',
  'effect',
);

/** `karpenter.sh/v1` NodePool. */
export const nodePoolSpec: Field = object(
  {
    template: object(
      {
        metadata: object({ labels }),
        spec: object(
          {
            nodeClassRef: object({ group: text, kind: text, name: text }, 'group', 'kind', 'name'),
            requirements: list(
              object(
                {
                  key: text,
                  operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
                  values: list(text),
                },
                'key',
                'operator',
              ),
            ),
            taints: list(taint),
            expireAfter: text,
            terminationGracePeriod: text,
          },
          'nodeClassRef',
          'requirements',
        ),
      },
      'spec',
    ),
    limits: amounts,
    weight: integer(1, 100),
    disruption: object({
      consolidationPolicy: oneOf('WhenEmpty', 'WhenEmptyOrUnderutilized'),
      consolidateAfter: text,
      budgets: list(object({ nodes: text, schedule: text, duration: text, reasons: list(text) }, 'nodes')),
    }),
  },
  'template',
);

const selectorTerms = list(object({ id: text, name: text, tags: stringMap }));

/** `eks.amazonaws.com/v1` NodeClass of Auto Mode. */
export const nodeClassSpec: Field = object({
  role: text,
  subnetSelectorTerms: selectorTerms,
  securityGroupSelectorTerms: selectorTerms,
  networkPolicy: oneOf('DefaultAllow', 'DefaultDeny'),
  networkPolicyEventLogs: oneOf('Enabled', 'Disabled'),
  snatPolicy: oneOf('Random', 'Disabled'),
  ephemeralStorage: object({ size: quantity, iops: integer(1), throughput: integer(1), kmsKeyID: text }),
  tags: stringMap,
});
