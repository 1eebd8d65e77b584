import {
  dnsLabel,
  dnsSubdomain,
  type Field,
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
  setOf,
  text,
} from './field.ts';

const port = integer(1, 65_535);

export const serviceSpec: Field = object({
  type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer'),
  selector: labels,
  ports: listBy(
    ['port', 'protocol'],
    object({ name: dnsLabel, port, targetPort: intOrString, protocol, appProtocol: text }, 'port'),
    1,
  ),
});

const peers = list(
  object({
    ipBlock: object({ cidr: text, except: list(text) }, 'cidr'),
    namespaceSelector: labelSelector,
    podSelector: labelSelector,
  }),
);
const ports = list(object({ protocol, port: intOrString, endPort: port }));

export const networkPolicySpec: Field = object({
  podSelector: labelSelector,
  policyTypes: list(oneOf('Ingress', 'Egress')),
  ingress: list(object({ from: peers, ports })),
  egress: list(object({ to: peers, ports })),
});

/** A DNS name, whose first label may be `*`. */
const hostName = matching(/^(\*\.)?[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, 253);

export const ingressSpec: Field = object(
  {
    ingressClassName: dnsSubdomain,
    tls: list(object({ hosts: setOf(hostName), secretName: text })),
    rules: list(
      object({
        host: hostName,
        http: object(
          {
            paths: list(
              object(
                {
                  path: matching(/^\//),
                  pathType: oneOf('Prefix', 'Exact'),
                  backend: object(
                    {
                      service: object(
                        { name: dnsLabel, port: object({ name: dnsLabel, number: port }) },
                        'name',
                        'port',
                      ),
                    },
                    'service',
                  ),
                },
                'pathType',
                'backend',
              ),
              1,
            ),
          },
          'paths',
        ),
      }),
      1,
    ),
  },
  'rules',
);

export const ingressClassSpec: Field = object(
  { controller: text, parameters: object({ apiGroup: text, kind: text, name: text }, 'kind', 'name') },
  'controller',
);

export const ingressClassParamsSpec: Field = object({
  group: object({ name: dnsLabel }, 'name'),
  scheme: oneOf('internal', 'internet-facing'),
  ipAddressType: oneOf('ipv4', 'dualstack'),
  certificateARNs: setOf(text),
  subnets: object({ ids: setOf(text) }),
});
