import type { ProfileName } from '@tenantry/core/isolation/profiles';
import type { StoresWorld } from './world.ts';

/** What became of an attempt: denied by a policy, let through by all of them, or an error that says neither. */
export type Verdict = 'allowed' | 'denied' | string;

interface Outcome {
  readonly verdict: Verdict;
  readonly result?: unknown;
}

const policyDenial = /is not authorized to perform|with session credentials/;

async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { verdict: 'allowed', result: await call() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if (/^AccessDenied(Exception)?$/.test(name) && policyDenial.test(message)) return { verdict: 'denied' };
    // Answers to HEAD have no body that could name the error.
    if ($metadata?.httpStatusCode === 403 && /^(403|Forbidden|UnknownError|Unknown)$/.test(name))
      return { verdict: 'denied' };
    // The policies let it through; what the store makes of it is another matter.
    if (/^(NoSuchKey|NotFound|NoSuchUpload|ConditionalCheckFailedException|TransactionCanceledException)$/.test(name)) {
      return { verdict: 'allowed' };
    }
    return { verdict: `${name}: ${message}` };
  }
}

export const verdictOf = async (call: () => Promise<unknown>): Promise<Verdict> => (await outcomeOf(call)).verdict;

/** What all tests of the suite have tried together, and which grants they have seen at work. */
export interface Tally {
  tried: number;
  readonly proven: Set<string>;
}

/** Collects what went otherwise than it must. */
export interface Judge {
  readonly faults: readonly string[];
  /** @param grants the grants that let the call through; when there are none it must be denied */
  expectThat(title: string, grants: readonly string[], call: () => Promise<unknown>): Promise<void>;
}

export function createJudge(world: StoresWorld, tally: Tally, profile: ProfileName): Judge {
  const { own, foreign } = world;
  const faults: string[] = [];
  return {
    faults,
    async expectThat(title, grants, call) {
      tally.tried += 1;
      const { verdict, result } = await outcomeOf(call);
      const wanted = grants.length > 0 ? 'allowed' : 'denied';
      if (verdict !== wanted) {
        faults.push(`${profile}: ${title}: ${verdict}, not ${wanted}`);
        return;
      }
      for (const grant of grants) tally.proven.add(`${profile}: ${grant}`);
      // Keys of the own tenant may hold the other's id, as any text.
      const shown = (JSON.stringify(result) ?? '').replaceAll(`${own}/../${foreign}`, '');
      if (shown.includes(foreign)) faults.push(`${profile}: ${title}: shows what belongs to ${foreign}`);
    },
  };
}
