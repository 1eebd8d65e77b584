import { type AnswerBox, createAnswerBox } from '@tenantry/core/idempotency/answer-box';
import { readEnvironment, required } from './environment.ts';

/** What keeps the answers of a function that has routes to be sent again. */
export const ownAnswerBox = (): AnswerBox => createAnswerBox(readEnvironment({ ANSWER_KEY: required }).ANSWER_KEY);
