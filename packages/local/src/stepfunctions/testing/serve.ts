/**
 * A process with a Step Functions engine, to be killed: `serve.ts <directory> <endpoint of everything else>`. It prints
 * where it listens.
 */

import { createStepFunctionsEngine } from '../engine.ts';
import { startGateway } from './gateway.ts';
import { assumeRoleForService, place } from './world.ts';

const [dir = '', endpoint = ''] = process.argv.slice(2);
const gateway = await startGateway();
const engine = await createStepFunctionsEngine({ dir, ...place, assumeRoleForService, endpoint: () => endpoint });
gateway.serve(engine);
engine.start();
process.stdout.write(`${gateway.url}\n`);
