import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The image with this machine's own Node and nothing else; for machines that reach no registry. */
export const nodeImage = 'localhost/tenantry-node:conformance';

const podman = (args: readonly string[], input?: Buffer): string =>
  execFileSync('podman', args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...(input ? { input } : {}) });

/** Why no container can be run here; undefined where they can. */
export function podmanMissing(): string | undefined {
  try {
    podman(['pod', 'ls', '--quiet']);
    return undefined;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    return `podman does not work here: ${said || String(error)}`;
  }
}

/** Node and the libraries that it loads, with its path as the entry point, as in the image that silos are made of. */
export function makeNodeImage(): void {
  const root = mkdtempSync(join(tmpdir(), 'node-image-'));
  // It becomes the root folder of a container whose user is not its owner.
  chmodSync(root, 0o755);
  try {
    const libraries =
      execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/(?<=\s)\/\S+(?= \(0x)/g) ?? [];
    for (const [from, to] of [[process.execPath, '/nodejs/bin/node'], ...libraries.map((one) => [one, one])] as const) {
      mkdirSync(join(root, dirname(to)), { recursive: true });
      copyFileSync(from, join(root, to));
    }
    for (const folder of ['tmp', 'etc']) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'etc/passwd'), 'nonroot:x:10001:10001::/:/nonexistent\n');
    const archive = join(root, '..', `${root.split('/').at(-1)}.tar`);
    execFileSync('tar', ['-C', root, '-cf', archive, '.']);
    podman(['import', '--quiet', '--change', 'ENTRYPOINT ["/nodejs/bin/node"]', archive, nodeImage]);
    rmSync(archive);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
