import * as z from 'zod';
import type { Tenant } from '../tenant/tenant.ts';

/** A version of the recommender: the tag of its image in the stage's registry. */
export const versionSchema = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, "must be the tag of an image: letters, digits, '_', '.' and '-'");

const TAG = /:([^:/@]+)$/;

/** The version that an image's name ends in; `none` where there are no silos, and so no image. @throws {Error} for an image without a tag */
export function versionOf(image: string): string {
  if (image === '') return 'none';
  const [, tag] = TAG.exec(image) ?? [];
  if (!tag) throw new Error(`The image ${image} has no tag.`);
  return tag;
}

/** The image of another version from the same registry. */
export const imageOf = (image: string, version: string): string => `${image.replace(TAG, '')}:${version}`;

/**
 * The version that a silo gets when it is set up again. One that serves keeps what it runs, which only a rollout changes; one that is being
 * built, perhaps after a failure or for a tenant that comes from the pool, takes the fleet's.
 */
export function versionFor(
  { isolation, status, siloVersion, rollout }: Pick<Tenant, 'isolation' | 'status' | 'siloVersion' | 'rollout'>,
  current: string,
): string {
  if (isolation !== 'silo') return current;
  if (rollout?.pinned) return rollout.pinned;
  return status === 'provisioning' ? current : (siloVersion ?? current);
}
