import * as z from 'zod';
import { isReady } from '../controllers/deployment-view.ts';
import { matchesLabels } from '../store/selector.ts';
import type { Store } from '../store/store.ts';

const pathSchema = z.object({
  path: z.string().default('/'),
  pathType: z.enum(['Prefix', 'Exact']),
  backend: z.object({ service: z.object({ name: z.string() }) }),
});
const ingressSpec = z.object({
  rules: z.array(
    z.object({
      host: z.string().optional(),
      http: z.object({ paths: z.array(pathSchema) }).default({ paths: [] }),
    }),
  ),
});
const serviceSpec = z.object({ selector: z.record(z.string(), z.string()).default({}) });

interface Path {
  readonly path: string;
  readonly pathType: 'Prefix' | 'Exact';
}

/** By whole segments: `/a` covers `/a` and `/a/b`, not `/ab`. */
function covers({ path, pathType }: Path, asked: string): boolean {
  if (pathType === 'Exact') return asked === path;
  const prefix = path.replace(/\/+$/, '');
  return asked === prefix || asked.startsWith(`${prefix}/`);
}

const hostMatches = (rule: string | undefined, host: string): boolean =>
  rule === undefined || rule === host || (rule.startsWith('*.') && host.replace(/^[^.]+/, '*') === rule);

export interface Backend {
  readonly namespace: string;
  readonly service: string;
}

/** The service that an Ingress names for a host and a path; the longest path wins. */
export function backendOf(store: Pick<Store, 'get' | 'list'>, host: string, path: string): Backend | undefined {
  const found = store.list('Ingress').items.flatMap((ingress) =>
    ingressSpec
      .parse(ingress.spec)
      .rules.filter((rule) => hostMatches(rule.host, host))
      .flatMap((rule) => rule.http.paths)
      .filter((one) => covers(one, path))
      .map((one) => ({
        length: one.path.length,
        backend: { namespace: ingress.metadata.namespace ?? '', service: one.backend.service.name },
      })),
  );
  return found.sort((a, b) => b.length - a.length)[0]?.backend;
}

/** The uids of the pods behind a service that are ready and stay. */
export function readyPods(store: Pick<Store, 'get' | 'list'>, { namespace, service }: Backend): readonly string[] {
  const found = store.get('Service', namespace, service);
  const { selector } = serviceSpec.parse(found?.spec ?? {});
  if (Object.keys(selector).length === 0) return [];
  return store
    .list('Pod', namespace)
    .items.filter((pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod))
    .filter((pod) => matchesLabels(selector, pod.metadata.labels))
    .map((pod) => pod.metadata.uid);
}
