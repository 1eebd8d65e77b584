import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SST's component sources, as `sst install` writes them. */
export interface SstPlatform {
  /** `<root>/.sst/platform` */
  readonly folder: string;
  readonly version: string;
}

/** Finds SST's components below the project's root. */
export function findPlatform(root: string): SstPlatform {
  const folder = join(root, '.sst', 'platform');
  const versionFile = join(folder, 'version');
  if (!existsSync(versionFile) || !existsSync(join(folder, 'node_modules', '@pulumi', 'pulumi'))) {
    throw new Error(`SST's components are missing in ${folder}: run "node scripts/ensure-dependencies.mjs".`);
  }
  return { folder, version: readFileSync(versionFile, 'utf8').trim() };
}
