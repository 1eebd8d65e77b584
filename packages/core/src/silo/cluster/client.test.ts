import { describe, expect, it } from 'vitest';
import { clusterClient } from './client.ts';
import { ClusterError } from './error.ts';
import { pathOf } from './resources.ts';
import type { TransportRequest, TransportResponse } from './transport.ts';

function recording(...answers: readonly TransportResponse[]) {
  const sent: TransportRequest[] = [];
  const client = clusterClient({
    endpoint: 'https://cluster.example',
    certificateAuthority: '',
    token: async () => 'k8s-aws-v1.token',
    http: async (request) => {
      sent.push(request);
      return answers[sent.length - 1] ?? { status: 500, body: '' };
    },
  });
  return { sent, client };
}

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };
const json = (status: number, body: object): TransportResponse => ({ status, body: JSON.stringify(body) });

describe('the cluster client', () => {
  it('applies on the server, strictly, under its own field manager', async () => {
    const { sent, client } = recording(json(201, namespace));
    await client.apply({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'a' } });
    expect(sent).toMatchObject([
      {
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/a/deployments/web?fieldManager=tenantry&fieldValidation=Strict',
        headers: { authorization: 'Bearer k8s-aws-v1.token', 'content-type': 'application/apply-patch+yaml' },
      },
    ]);
  });

  it('never forces a conflict', async () => {
    const { sent, client } = recording(json(200, namespace));
    await client.apply(namespace);
    expect(sent[0]?.path).not.toContain('force');
  });

  it.each([
    [400, 'invalid'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'notFound'],
    [409, 'conflict'],
    [422, 'invalid'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('turns %i into %s', async (status, code) => {
    const { client } = recording(json(status, { kind: 'Status', message: 'because' }));
    const failure = await client.apply(namespace).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ClusterError);
    expect(failure).toMatchObject({ code, status, retryable: code === 'unavailable' });
    expect(String(failure)).toContain('because');
  });

  it('holds fields under a manager of its own, by force, and lets go by naming none', async () => {
    const answer = json(200, { metadata: { name: 'a' } });
    const { sent, client } = recording(answer, answer);
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'n', name: 'a' };
    await client.hold(deployment, { replicas: 0 });
    await client.hold(deployment);
    for (const { path } of sent) {
      expect(path).toBe(
        '/apis/apps/v1/namespaces/n/deployments/a?fieldManager=tenantry-hold&fieldValidation=Strict&force=true',
      );
    }
    expect(sent.map(({ body }) => JSON.parse(String(body)).spec)).toEqual([{ replicas: 0 }, undefined]);
  });

  it('takes an answer that is no object for no answer', async () => {
    const { client } = recording({ status: 200, body: '<html>' });
    await expect(client.get({ ...namespace, name: 'a' })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('reads a list to its end', async () => {
    const page = (name: string, next?: string) =>
      json(200, { metadata: next ? { continue: next } : {}, items: [{ metadata: { name } }] });
    const { sent, client } = recording(page('one', 'more'), page('two'));
    const items = await client.list({ apiVersion: 'v1', kind: 'Namespace' }, { labelSelector: 'a=b' });
    expect(items.map((item) => item.metadata.name)).toEqual(['one', 'two']);
    expect(sent[1]?.path).toContain('continue=more');
    expect(sent[1]?.path).toContain('labelSelector=a%3Db');
  });

  it('takes what is already gone for deleted', async () => {
    const { client } = recording(json(404, { message: 'not found' }), json(200, {}), json(403, {}));
    const reference = { ...namespace, name: 'a' };
    expect(await client.delete(reference)).toBe(false);
    expect(await client.delete(reference)).toBe(true);
    await expect(client.delete(reference)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('speaks to nothing without TLS', () => {
    expect(() =>
      clusterClient({ endpoint: 'http://cluster.example', certificateAuthority: '', token: async () => '' }),
    ).toThrow(TypeError);
  });
});

describe('paths', () => {
  it('cannot leave their place by a name', () => {
    expect(pathOf({ apiVersion: 'v1', kind: 'Secret', namespace: 'a', name: '../../x' })).toBe(
      '/api/v1/namespaces/a/secrets/..%2F..%2Fx',
    );
  });

  it.each([
    ['a kind that is not in the table', { apiVersion: 'v1', kind: 'Node' }],
    ['a missing namespace', { apiVersion: 'v1', kind: 'Secret' }],
    ['a namespace where none belongs', { apiVersion: 'v1', kind: 'Namespace', namespace: 'a' }],
  ])('refuse %s', (_what, reference) => {
    expect(() => pathOf(reference)).toThrow(TypeError);
  });
});
