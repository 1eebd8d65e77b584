import * as z from 'zod';

const ingressSchema = z.object({
  spec: z.object({ rules: z.array(z.object({ host: z.string() })).min(1) }),
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z
            .array(
              z.object({
                hostname: z.string().optional(),
                ip: z.string().optional(),
                ports: z.array(z.object({ port: z.int() })).optional(),
              }),
            )
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

const httpsPort = 443;

/** Where a silo answers. */
export interface IngressEndpoint {
  /** What to connect to: the load balancer. */
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  /** The tenant's own host name: the `Host` header, and the name in the certificate. */
  readonly host: string;
}

/**
 * Where an Ingress answers, from the object as the cluster returns it; `undefined` until a load balancer has taken it.
 * A load balancer that names no ports speaks TLS on 443; one that names another port speaks plain HTTP on it, which
 * only the local cloud does.
 * @throws {ZodError} when it is not an Ingress
 */
export function ingressEndpoint(ingress: unknown): IngressEndpoint | undefined {
  const { spec, status } = ingressSchema.parse(ingress);
  const [rule] = spec.rules;
  const [balancer] = status?.loadBalancer?.ingress ?? [];
  const address = balancer?.hostname ?? balancer?.ip;
  if (rule === undefined || address === undefined) return undefined;
  const port = balancer?.ports?.[0]?.port ?? httpsPort;
  return { address, port, tls: port === httpsPort, host: rule.host };
}
