import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { evaluateProgram } from './program/evaluate.ts';

/** `npm run -s synth -- --stage NAME` prints the evaluated resource graph of a stage, as one JSON object. */
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const { values } = parseArgs({ options: { stage: { type: 'string', default: 'local' } } });

try {
  const graph = await evaluateProgram({
    root,
    stage: values.stage,
    // Their values do not matter to the shape of a stage, and must not be printed.
    secrets: {
      StripeSecretKey: 'placeholder',
      StripeWebhookSecret: 'placeholder',
      WebhookKey: 'placeholder',
      MailKey: 'placeholder',
      AnswerKey: 'placeholder',
    },
  });
  process.stdout.write(`${JSON.stringify(graph, null, 2)}\n`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
