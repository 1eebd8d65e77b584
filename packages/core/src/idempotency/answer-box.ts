import { createHash, hkdfSync } from 'node:crypto';
import { open, parseStageKey, seal } from '../signing/sealing.ts';
import { type Attempt, placeOf } from './attempt.ts';

/**
 * Keeps answers, some of which show a secret once, so that neither who reads the row nor who has the stage's key can read them: the
 * sender's own key is needed too, and is nowhere but with the sender.
 */
export interface AnswerBox {
  seal(attempt: Attempt, answer: string): string;
  /** @throws {Error} when it was sealed for another attempt, or with another key of the stage */
  open(attempt: Attempt, sealed: string): string;
}

/** @param stageKey at least 32 random bytes in base64 */
export function createAnswerBox(stageKey: string): AnswerBox {
  const master = parseStageKey(stageKey, 'answers');
  const keyOf = ({ tenantId, key }: Attempt): Buffer => {
    const salt = createHash('sha256').update(key).digest();
    return Buffer.from(hkdfSync('sha256', master, salt, `answers ${tenantId}`, 32));
  };
  const labelOf = (attempt: Attempt): string => placeOf(attempt).sk;
  return {
    seal: (attempt, answer) => seal(keyOf(attempt), labelOf(attempt), answer),
    open: (attempt, sealed) => open(keyOf(attempt), labelOf(attempt), sealed),
  };
}
