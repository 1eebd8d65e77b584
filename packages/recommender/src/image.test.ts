import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploymentManifest } from '@tenantry/core/silo/manifests/deployment';
import { trainingJobManifest } from '@tenantry/core/silo/manifests/training-job';
import { containerPort } from '@tenantry/core/silo/names';
import { siloInput } from '@tenantry/core/silo/testing/input';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleImage } from './bundle.ts';

/** The stages of the Dockerfile as lists of instructions. */
function stages(): readonly (readonly { readonly instruction: string; readonly rest: string }[])[] {
  const text = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8').replace(/\\\n/g, ' ');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const result: { instruction: string; rest: string }[][] = [];
  for (const line of lines) {
    const [, instruction = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (instruction === 'FROM') result.push([]);
    result.at(-1)?.push({ instruction, rest });
  }
  return result;
}

/** What the last stage starts from, unless a build says otherwise. */
const runtime = /^ARG RUNTIME=(.+)$/m.exec(readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8'))?.[1];

describe('the image', () => {
  const last = stages().at(-1) ?? [];
  const only = (name: string) => last.filter(({ instruction }) => instruction === name).map(({ rest }) => rest);

  it('is made in stages, and the last runs no command, so that nothing of the build stays', () => {
    expect(stages()).toHaveLength(2);
    expect(only('RUN')).toEqual([]);
    expect(only('COPY').every((rest) => rest.startsWith('--from=build '))).toBe(true);
    expect(only('FROM')[0]).toMatch(/^\$\{RUNTIME\}$/);
    expect(runtime).toMatch(/distroless/);
  });

  it('runs as the user that the Deployment demands, on the port that it names', () => {
    const { securityContext, containers } = deploymentManifest(siloInput()).spec.template.spec;
    expect(only('USER')).toEqual([`${securityContext.runAsUser}:${securityContext.runAsGroup}`]);
    expect(only('EXPOSE')).toEqual([String(containerPort)]);
    expect(containers[0].ports[0]?.containerPort).toBe(containerPort);
  });

  it('starts a bundle that the build made, and holds the other that a training starts', () => {
    const made = stages()[0]?.find(({ instruction }) => instruction === 'RUN')?.rest ?? '';
    expect(made).toContain('packages/recommender/src/bundle.ts /out');
    expect(only('CMD')).toEqual(['["--enable-source-maps", "/app/silo.mjs"]']);
  });
});

describe('the bundles', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tenantry-silo-'));
    await bundleImage(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['silo', 'EVENTS_TABLE'],
    ['trainer', 'ARCHIVE_BUCKET'],
  ])('of the %s needs nothing but Node, and says what its environment lacks', (program, variable) => {
    const file = join(folder, `${program}.mjs`);
    const { status, stderr } = spawnSync(process.execPath, [file], { cwd: folder, env: {}, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('must be a tenant id');
    expect(stderr).toContain(variable);
    expect(stderr).not.toContain('ERR_MODULE_NOT_FOUND');
  });

  it('are started by the manifests', () => {
    const { tier, ...input } = siloInput();
    const job = trainingJobManifest({ ...input, tier, name: 'training-1', environment: {} });
    const program = job.spec.template.spec.containers[0].args.at(-1) ?? '';
    expect(readdirSync(folder)).toContain(program.replace('/app/', ''));
  });
});
