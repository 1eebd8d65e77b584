import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The first pull of the base image may take minutes. */
const buildMsMax = 15 * 60_000;

/**
 * Builds the recommender's image as its Dockerfile says, but for the stage that makes the bundles: those are made here already.
 * @param options.runtime replaces the image that the last stage starts from, for a mirror of one's own
 * @returns the image's name
 * @throws {Error} with podman's words
 */
export async function buildRecommenderImage(options: {
  readonly root: string;
  /** The folder of the bundles. */
  readonly bundles: string;
  readonly dir: string;
  readonly runtime?: string | undefined;
}): Promise<string> {
  const { root, bundles, dir, runtime } = options;
  const stage = join(dir, 'images', 'stage');
  mkdirSync(join(stage, 'src'), { recursive: true });
  cpSync(bundles, join(stage, 'out'), { recursive: true });
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
