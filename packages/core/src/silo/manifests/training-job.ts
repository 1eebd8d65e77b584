import { trainerAmounts } from '../capacity.ts';
import type { SiloInput } from '../input.ts';
import type { JobManifest } from '../kubernetes.ts';
import { type Labelled, siloMetadata, trainerLabels } from '../labels.ts';
import { trainerName } from '../names.ts';
import { hopelessExitCode, jobSecondsMax } from '../training-job.ts';
import { confinedContainer, confinedPod } from './pod.ts';

/** What a training in a silo is made from. */
export interface TrainingJobInput extends Labelled {
  readonly image: string;
  /** The Job's name in the namespace: the same for the same training, so that it is made once. */
  readonly name: string;
  readonly environment: SiloInput['environment'];
}

/** Attempts after the first, for what may pass: a node that goes, or a bucket that does not answer. */
const RETRIES = 2;
/** Whoever waits for it deletes it; this is for one that nobody waits for any more. */
const KEPT_SECONDS = 3600;
/** Of the memory, for what the engine counts itself; the rest is for files and buffers. */
const HEAP_SHARE = 0.75;

/**
 * One training of a silo's model: the recommender's own image with another command, on the silo's nodes, under an identity that reads the
 * archive and writes models. A node that goes costs it no attempt.
 */
export function trainingJobManifest({ name, image, environment, ...silo }: TrainingJobInput): JobManifest {
  const { tier } = silo;
  const labels = { ...siloMetadata(silo, name).labels, ...trainerLabels };
  const amounts = trainerAmounts(tier.silo);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...siloMetadata(silo, name), labels },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: RETRIES,
      activeDeadlineSeconds: jobSecondsMax,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      podFailurePolicy: {
        rules: [
          { action: 'FailJob', onExitCodes: { operator: 'In', values: [hopelessExitCode] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: {
        // Its node is not emptied to save money while it works.
        metadata: { labels, annotations: { 'karpenter.sh/do-not-disrupt': 'true' } },
        spec: {
          ...confinedPod(silo),
          serviceAccountName: trainerName,
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 10,
          containers: [
            {
              name: trainerName,
              image,
              args: [
                '--enable-source-maps',
                `--max-old-space-size=${Math.floor(tier.silo.trainer.memoryMiB * HEAP_SHARE)}`,
                '/app/trainer.mjs',
              ],
              env: Object.entries(environment)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([variable, value]) => ({ name: variable, value })),
              resources: { requests: amounts, limits: amounts },
              ...confinedContainer,
            },
          ],
        },
      },
    },
  };
}
