/** Acknowledges asynchronous events in a process of its own and kills itself without warning. */
import { argv } from 'node:process';
import { createLambdaEngine } from '../engine.ts';
import { writeFunction } from './lambda-harness.ts';

const [, , dir = '', count = '0'] = argv;
const lambda = await createLambdaEngine({
  dir,
  accountId: '000000000000',
  region: 'us-east-1',
  functions: [writeFunction(dir, 'collect', 'export const handler = () => new Promise(() => {})')],
  assumeRoleForService: async () => ({
    accessKeyId: 'a',
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: new Date(Date.now() + 3_600_000),
  }),
  endpoint: () => 'http://127.0.0.1:9',
  logs: { write: () => {} },
});
for (let index = 0; index < Number(count); index += 1) lambda.invokeLater('collect', { index });
// Some of them are running by now, which must not count as done.
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300);
