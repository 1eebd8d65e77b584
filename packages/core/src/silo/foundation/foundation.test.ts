import { describe, expect, it } from 'vitest';
import { newId } from '../../ids/id.ts';
import { pathOf } from '../cluster/resources.ts';
import { siloManifests } from '../manifests/silo.ts';
import { ingressClassName, siloNamespace } from '../names.ts';
import { groupRules, provisionerRules, siloNamespacePattern } from '../provisioner.ts';
import { siloInput } from '../testing/input.ts';
import { unknownFields } from '../testing/published-schema.ts';
import { foundationManifests } from './foundation.ts';

const input = { scheme: 'internal', certificateArns: ['arn:aws:acm:us-east-1:000000000000:certificate/1'] } as const;

describe('the foundation of a cluster', () => {
  it('is valid by the published schemas, where there is one', async () => {
    const published = foundationManifests(input).filter((one) => one.apiVersion !== 'eks.amazonaws.com/v1');
    expect(published).toHaveLength(4 + 2 * Object.keys(groupRules).length);
    for (const manifest of published) expect(await unknownFields(manifest), manifest.kind).toEqual([]);
  });

  it('has the class that silos name', () => {
    const names = foundationManifests(input)
      .filter((one) => one.kind === 'IngressClass')
      .map((one) => one.metadata.name);
    expect(names).toEqual([ingressClassName]);
  });
});

describe('what functions may do in the cluster', () => {
  it('lets provisioning apply every object of a silo', () => {
    for (const manifest of siloManifests(siloInput())) {
      const { apiVersion, kind, metadata } = manifest;
      const plural = pathOf({ apiVersion, kind, namespace: metadata.namespace }).split('/').at(-1) ?? '';
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
      const rules = provisionerRules.filter(
        (rule) => rule.apiGroups.some((one) => one === group) && rule.resources.includes(plural),
      );
      const verbs = rules.flatMap((rule) => rule.verbs);
      expect(verbs, kind).toEqual(expect.arrayContaining(['create', 'patch']));
    }
  });

  it('has no wildcard, and reads no secret', () => {
    for (const rule of Object.values(groupRules).flat()) {
      expect([...rule.apiGroups, ...rule.resources, ...rule.verbs]).not.toContain('*');
      if (rule.resources.includes('secrets')) expect(rule.verbs).toEqual(['create', 'patch']);
    }
  });

  it('ends at the namespaces of silos', () => {
    const pattern = new RegExp(siloNamespacePattern);
    for (let index = 0; index < 50; index += 1) expect(siloNamespace(newId('tenant'))).toMatch(pattern);
    for (const other of ['kube-system', 'default', 'kube-node-lease', 'amazon-cloudwatch'])
      expect(other).not.toMatch(pattern);
  });
});
