import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleImage } from '@tenantry/recommender/bundle';
import type { LocalImage } from '../kubernetes/kubelet/container.ts';
import { buildRecommenderImage } from '../kubernetes/kubelet/podman-image.ts';
import { type ResourceGraph, resourcesOfType } from '../program/graph.ts';
import type { PodsChoice } from './cluster-choice.ts';

const broken = fileURLToPath(new URL('./broken-recommender.mjs', import.meta.url));

/**
 * What stands in for the stage's registry. Beside the version that the stage names there are others to roll out: `local-2` and `local-3` are the same
 * program, `broken-start` ends at once, and `broken-answers` passes its probes and fails every request.
 */
export async function localImages(
  graph: ResourceGraph,
  options: { readonly root: string; readonly dir: string; readonly pods: PodsChoice },
): Promise<Readonly<Record<string, LocalImage>>> {
  const { root, dir, pods } = options;
  const folder = join(dir, 'images', 'recommender');
  await bundleImage(folder);
  const built =
    pods.kind === 'podman'
      ? await buildRecommenderImage({ root, bundles: folder, dir, runtime: pods.runtimeImage })
      : undefined;
  const repository = resourcesOfType(graph, 'aws:ecr/repository:Repository')[0];
  const image = String(repository?.state.repositoryUrl ?? '');
  const named = graph.functions.flatMap(({ environment }) => environment.SILO_IMAGE ?? []);
  const recommender: LocalImage = {
    command: [process.execPath, '--enable-source-maps', join(folder, 'silo.mjs')],
    program: { entrypoint: process.execPath, folder: { inImage: '/app/', here: `${folder}/` } },
    env: { HOST: '127.0.0.1' },
    ...(built ? { container: { image: built } } : {}),
  };
  const failing = (how: 'start' | 'answers'): LocalImage => ({
    command: [process.execPath, broken, how],
    ...(built
      ? {
          container: { image: built, args: ['--input-type=module', '-e', readFileSync(broken, 'utf8'), 'broken', how] },
        }
      : {}),
  });
  return {
    ...Object.fromEntries([...named, `${image}:local-2`, `${image}:local-3`].map((name) => [name, recommender])),
    [`${image}:broken-start`]: failing('start'),
    [`${image}:broken-answers`]: failing('answers'),
  };
}
