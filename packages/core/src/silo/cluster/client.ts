import * as z from 'zod';
import { fieldManager } from '../names.ts';
import { ClusterError, errorOfStatus } from './error.ts';
import { type ObjectReference, pathOf } from './resources.ts';
import { httpsTransport, type Transport } from './transport.ts';

const objectSchema = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
    generation: z.number().optional(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});

/** An object as the cluster holds it. */
export type LiveObject = z.infer<typeof objectSchema>;

const listSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }),
  items: z.array(objectSchema),
});

/** What can be applied: any object with a kind and a name. */
export interface Applicable {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface ClusterClient {
  /**
   * Server-side apply under this system's field manager: makes the object what the manifest says and leaves the fields
   * of others alone. Safe to repeat.
   * @throws {ClusterError} `conflict` when another manager holds a field with another value
   */
  apply(manifest: Applicable): Promise<LiveObject>;
  /**
   * Takes the fields of an object's specification for a purpose of its own, whoever holds them, or lets them go again when there is none given:
   * then they are what their other managers, or the defaults, say. What `apply` manages stays as it is.
   */
  hold(reference: ObjectReference & { readonly name: string }, spec?: object): Promise<LiveObject>;
  /** @throws {ClusterError} `notFound` */
  get(reference: ObjectReference & { readonly name: string }): Promise<LiveObject>;
  list(reference: Omit<ObjectReference, 'name'>, options?: { readonly labelSelector?: string }): Promise<LiveObject[]>;
  /** Deletes the object and, in the background, what belongs to it. `false` when it was not there. */
  delete(reference: ObjectReference & { readonly name: string }): Promise<boolean>;
}

const pageSize = 500;
/** The field manager of what is held for a while, such as the replicas of a suspended silo. */
const holder = `${fieldManager}-hold`;

/**
 * A client of one cluster. It sends bodies as they are: a typed client that drops fields it does not know would hide a
 * misspelt one, whereas the API server refuses it.
 * @param options.certificateAuthority PEM in base64, as `DescribeCluster` gives it
 * @param options.token gives a bearer token for each call; see `eksToken`
 * @param options.http replaces the HTTPS connection, for tests
 */
export function clusterClient(options: {
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly token: () => Promise<string>;
  readonly deadlineMs?: number;
  readonly http?: Transport;
}): ClusterClient {
  const transport = options.http ?? httpsTransport(options.endpoint, options.certificateAuthority);

  async function call(method: string, path: string, apply?: object): Promise<unknown> {
    const response = await transport({
      method,
      path,
      headers: {
        authorization: `Bearer ${await options.token()}`,
        accept: 'application/json',
        'user-agent': fieldManager,
        ...(apply ? { 'content-type': 'application/apply-patch+yaml' } : {}),
      },
      // JSON is YAML.
      ...(apply ? { body: JSON.stringify(apply) } : {}),
      deadlineMs: options.deadlineMs ?? 10_000,
    });
    const body = parse(response.body);
    if (response.status < 200 || response.status > 299) throw errorOfStatus(response.status, body, `${method} ${path}`);
    return body;
  }

  return {
    async apply(manifest) {
      const { apiVersion, kind, metadata } = manifest;
      const path = pathOf({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name });
      const query = new URLSearchParams({ fieldManager, fieldValidation: 'Strict' });
      return shaped(objectSchema, await call('PATCH', `${path}?${query}`, manifest));
    },
    async hold({ apiVersion, kind, namespace, name }, spec) {
      const query = new URLSearchParams({ fieldManager: holder, fieldValidation: 'Strict', force: 'true' });
      // An empty specification would be a value of its own, held and then taken away with all that is in it.
      const object = { apiVersion, kind, metadata: { name, namespace }, ...(spec ? { spec } : {}) };
      return shaped(
        objectSchema,
        await call('PATCH', `${pathOf({ apiVersion, kind, namespace, name })}?${query}`, object),
      );
    },
    async get(reference) {
      return shaped(objectSchema, await call('GET', pathOf(reference)));
    },
    async list(reference, { labelSelector } = {}) {
      const items: LiveObject[] = [];
      let next: string | undefined;
      do {
        const query = new URLSearchParams({
          limit: String(pageSize),
          ...(labelSelector === undefined ? {} : { labelSelector }),
          ...(next ? { continue: next } : {}),
        });
        const page = shaped(listSchema, await call('GET', `${pathOf(reference)}?${query}`));
        items.push(...page.items);
        next = page.metadata.continue;
      } while (next);
      return items;
    },
    async delete(reference) {
      try {
        await call('DELETE', `${pathOf(reference)}?propagationPolicy=Background`);
        return true;
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'notFound') return false;
        throw error;
      }
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in between may answer with a page; the status tells what it means.
    return undefined;
  }
}

function shaped<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ClusterError('unavailable', 'The cluster answered with something else than an object.', {
    cause: result.error,
  });
}
