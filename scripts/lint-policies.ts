import { text } from 'node:stream/consumers';
import { lint } from '@tenantry/local/policy-lint/lint';
import { rules } from '@tenantry/local/policy-lint/rules';
import type { ResourceGraph } from '@tenantry/local/program/graph';
import * as z from 'zod';
import { reasons } from '../stacks/reasons.ts';

/** `npm run -s synth | npm run -s lint-policies`: what the program would deploy and must not. Exits with 1 when there is anything. */
const graphSchema = z.looseObject({
  stage: z.string(),
  resources: z.array(z.looseObject({ type: z.string(), name: z.string(), inputs: z.record(z.string(), z.unknown()) })),
  functions: z.array(z.looseObject({ roleArn: z.string(), environment: z.record(z.string(), z.string()) })),
});

function readGraph(json: string): ResourceGraph {
  try {
    return graphSchema.parse(JSON.parse(json)) as unknown as ResourceGraph;
  } catch {
    process.stderr.write(
      'The input is not a resource graph: pipe the output of `npm run -s synth` into this command.\n',
    );
    process.exit(2);
  }
}

const graph = readGraph(await text(process.stdin));
const findings = lint(rules, { graph, reasons });
for (const { rule, resource, problem } of findings) process.stdout.write(`${rule}: ${resource}: ${problem}\n`);
if (findings.length > 0) process.exit(1);
const { resources, functions, stage } = graph;
process.stdout.write(
  `${stage}: ${rules.length} rules find nothing in ${resources.length} resources and ${functions.length} functions.\n`,
);
