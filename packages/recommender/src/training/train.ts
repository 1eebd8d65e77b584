import type { BehaviourEvent } from '@tenantry/core/events/event';
import type { Step } from '@tenantry/core/training/phases';
import { sessionCount, sliceCorpus } from '../index/corpus.ts';
import { itemLists } from '../index/item-lists.ts';
import { buildIndex } from '../index/session-index.ts';
import { encodeItemIds } from '../model/item-ids.ts';
import type { ModelContent } from '../model/model-file.ts';
import { choosing } from './choose.ts';
import { compareModels, holdOut, knownUntil, type Rivalry } from './compare.ts';
import { collectColumns } from './event-columns.ts';
import { cutSessions, type ShopSessions, type TimedSessions } from './sessions.ts';
import { type MadeModel, made, secondsOf } from './trained-model.ts';

const SEED = 1;

/** By what a model was made, as the register of models keeps it. */
export const parameters = { seed: SEED } as const;

/** The archive holds no event, so that trying again comes to the same. */
export class NothingToTrainOn extends Error {
  override readonly name = 'NothingToTrainOn';
}

export interface TrainingOptions {
  readonly version: string;
  /** What serves, or what that was merged into: the trained model to compare with. */
  readonly serving?: ModelContent | undefined;
  /** Told of each phase before it begins, and of what was counted; the training waits until it has returned. */
  readonly note?: (step: Step) => Promise<void>;
}

export interface TrainedModel extends MadeModel {
  /** How it did beside the model that serves; nothing without one, or where there is too little that neither knows. */
  readonly rivalry?: Rivalry | undefined;
}

/**
 * Trains a tenant's model, and compares it with the one that serves by sessions that are taken away for that. Deterministic: the same events
 * in any order give the same bytes.
 * @throws {NothingToTrainOn}
 */
export async function trainModel(
  events: AsyncIterable<BehaviourEvent>,
  { version, serving, note = async () => undefined }: TrainingOptions,
): Promise<TrainedModel> {
  await note({ phase: 'reading' });
  const columns = await collectColumns(events);
  await note({ counts: { events: columns.count } });
  await note({ phase: 'cutting' });
  const sessions = cutSessions(columns);
  await note({ counts: { sessions: sessionCount(sessions.corpus), items: sessions.itemIds.length } });
  assertSomething(sessions);
  const rivalry = serving && (await compared(sessions, { version, serving, note }));
  const steps = training(sessions, version);
  let step = steps.next();
  for (; !step.done; step = steps.next()) await note(step.value);
  return { ...made(step.value, secondsOf(sessions)), rivalry };
}

async function compared(
  sessions: TimedSessions,
  { version, serving, note }: Required<Pick<TrainingOptions, 'version' | 'note'>> & { serving: ModelContent },
): Promise<Rivalry | undefined> {
  const heldOut = holdOut(sessions, knownUntil(serving));
  if (!heldOut) return undefined;
  await note({ phase: 'comparing' });
  const before = { ...sessions, corpus: sliceCorpus(sessions.corpus, 0, heldOut.cut) };
  const candidate = trainOnSessions(before, { version });
  const rivalry = compareModels(sessions, heldOut, { candidate, serving });
  await note({ counts: { queries: rivalry.queries } });
  return rivalry;
}

/** @throws {Error} when there is no event at all. */
export function trainOnSessions(sessions: ShopSessions, options: { readonly version: string }): ModelContent {
  assertSomething(sessions);
  const steps = training(sessions, options.version);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function* training({ corpus, itemIds }: ShopSessions, version: string): Generator<Step, ModelContent> {
  const { algorithm, heldOut, network } = yield* choosing(corpus, SEED);
  const index = buildIndex(corpus);
  return {
    meta: { version, algorithm, events: corpus.items.length, sessions: sessionCount(corpus), heldOut },
    ids: encodeItemIds(itemIds),
    index,
    lists: itemLists(index.statistics),
    network,
  };
}

function assertSomething({ corpus }: ShopSessions): void {
  if (corpus.items.length === 0)
    throw new NothingToTrainOn('There are no events to train on yet; send some, then train again.');
}
