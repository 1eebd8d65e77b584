import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluateProgram } from '@tenantry/local/program/evaluate';
import type { GraphResource, ResourceGraph } from '@tenantry/local/program/graph';
import { beforeAll } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A stage of each kind; `alice` stands for a developer's own. */
export const stages = ['local', 'alice', 'staging', 'production'] as const;
type Stage = (typeof stages)[number];

/** Kept between runs for as long as nothing in the program changes. */
const evaluate = (stage: Stage): Promise<ResourceGraph> =>
  evaluateProgram({
    root,
    stage,
    secrets: {
      StripeSecretKey: 'sk_test_placeholder',
      StripeWebhookSecret: 'whsec_placeholder',
      WebhookKey: Buffer.alloc(32).toString('base64'),
      MailKey: Buffer.alloc(32).toString('base64'),
      AnswerKey: Buffer.alloc(32).toString('base64'),
    },
    cacheDir: join(root, '.local', 'program-tests'),
  });

let graphs: ReadonlyMap<Stage, ResourceGraph> = new Map();

// The first evaluation after a change takes seconds per stage.
beforeAll(async () => {
  const evaluated = new Map<Stage, ResourceGraph>();
  // One after the other: each is a process of half a gigabyte, and other files of tests do the same.
  for (const stage of stages) evaluated.set(stage, await evaluate(stage));
  graphs = evaluated;
}, 240_000);

/** The evaluated program of a stage, within tests. */
export function graphOf(stage: Stage): ResourceGraph {
  const graph = graphs.get(stage);
  if (!graph) throw new Error(`The stage ${stage} is evaluated before the first test runs, not earlier.`);
  return graph;
}

export const ofType = (graph: ResourceGraph, type: string): readonly GraphResource[] =>
  graph.resources.filter((resource) => resource.type.endsWith(`:${type}`));

export const named = (graph: ResourceGraph, type: string, name: string): GraphResource => {
  const found = ofType(graph, type).find((resource) => resource.name === name);
  if (!found) throw new Error(`There is no ${type} ${name}.`);
  return found;
};
