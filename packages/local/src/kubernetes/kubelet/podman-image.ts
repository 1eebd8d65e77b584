import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The first pull of the base image may take minutes. */
const buildMsMax = 15 * 60_000;

/**
 * Builds the recommender's image as its Dockerfile says, but for the stage that makes the bundle: that is made here already.
 * @param options.runtime replaces the image that the last stage starts from, for a mirror of one's own
 * @returns the image's name
 * @throws {Error} with podman's words
 */
export async function buildRecommenderImage(options: {
  readonly root: string;
  readonly bundle: string;
  readonly dir: string;
  readonly runtime?: string | undefined;
}): Promise<string> {
  const { root, bundle, dir, runtime } = options;
  const stage = join(dir, 'images', 'stage');
  for (const folder of ['out', 'src']) mkdirSync(join(stage, folder), { recursive: true });
  copyFileSync(bundle, join(stage, 'out', 'silo.mjs'));
  copyFileSync(join(root, 'package-lock.json'), join(stage, 'src', 'package-lock.json'));
  const image = 'localhost/tenantry-recommender:local';
  const file = join(root, 'packages', 'recommender', 'Dockerfile');
  const argument = runtime === undefined ? [] : ['--build-arg', `RUNTIME=${runtime}`];
  try {
    await promisify(execFile)(
      'podman',
      ['build', '--quiet', '--build-context', `build=${stage}`, ...argument, '--file', file, '--tag', image, stage],
      { timeout: buildMsMax, maxBuffer: 16 * 1024 * 1024 },
    );
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`podman could not build the recommender's image: ${said}`, { cause: error });
  }
  return image;
}
