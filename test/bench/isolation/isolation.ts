import { startTestCloud } from '../../support/test-cloud.ts';
import type { Measurement } from '../measurement.ts';
import { evaluations } from './evaluator.ts';
import { gatewayCalls } from './gateway.ts';
import { hitRatios } from './hit-ratio.ts';
import { addedByVending } from './vending.ts';
import { warmPath } from './warm-path.ts';

/** What isolation costs, on a local cloud and by the code that is deployed. */
export async function* isolation(): AsyncGenerator<Measurement> {
  const test = await startTestCloud();
  try {
    const founder = await test.founder('standard');
    // In this order, so that the evaluator is asked what these requests asked.
    yield* warmPath(test.cloud, founder);
    yield* evaluations(test.cloud);
    yield* gatewayCalls(test.cloud, founder);
    yield* addedByVending(test.cloud);
    yield* hitRatios(test.cloud);
  } finally {
    await test.close();
  }
}
