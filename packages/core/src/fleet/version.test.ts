import { describe, expect, it } from 'vitest';
import { imageOf, versionFor, versionOf, versionSchema } from './version.ts';

const registry = '000000000000.dkr.ecr.us-east-1.amazonaws.com/tenantry-production-recommender';

describe('a version', () => {
  it('is the tag of an image, and changes nothing else of its name', () => {
    expect(versionOf(`${registry}:v1`)).toBe('v1');
    expect(imageOf(`${registry}:v1`, 'v2')).toBe(`${registry}:v2`);
    expect(imageOf('localhost:5000/recommender:v1', 'v2')).toBe('localhost:5000/recommender:v2');
  });

  it('is none where there are no silos, and an image without a tag is refused', () => {
    expect(versionOf('')).toBe('none');
    expect(() => versionOf('localhost:5000/recommender')).toThrow('no tag');
  });

  it.each(['', '-v1', '.v1', 'v1:v2', 'v1@sha256', 'a/b', 'v 1', 'v1\n', 'x'.repeat(129)])('cannot be %j', (text) => {
    expect(versionSchema.safeParse(text).success).toBe(false);
  });
});

describe('a silo that is set up again', () => {
  const silo = { isolation: 'silo', status: 'active' } as const;

  it('keeps what it runs while it serves, in the midst of a rollout too', () => {
    for (const status of ['active', 'suspended', 'migrating'] as const) {
      expect(versionFor({ ...silo, status, siloVersion: 'v2' }, 'v1')).toBe('v2');
    }
  });

  it('takes the version of the fleet while it is built, or when none is known', () => {
    expect(versionFor({ ...silo, status: 'provisioning', siloVersion: 'broken' }, 'v1')).toBe('v1');
    expect(versionFor(silo, 'v1')).toBe('v1');
    expect(
      versionFor({ isolation: 'pool', status: 'migrating', siloVersion: 'v0', rollout: { pinned: 'v0' } }, 'v1'),
    ).toBe('v1');
  });

  it('keeps the version that it is pinned to', () => {
    expect(versionFor({ ...silo, siloVersion: 'v2', rollout: { pinned: 'v2' } }, 'v3')).toBe('v2');
    expect(versionFor({ ...silo, status: 'provisioning', rollout: { pinned: 'v2' } }, 'v3')).toBe('v2');
  });
});
