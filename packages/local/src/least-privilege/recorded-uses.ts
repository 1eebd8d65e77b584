import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** A call that was refused although no test meant it to be. */
export interface DeniedCall {
  /** Logical name. */
  readonly role: string;
  readonly operation: string;
  readonly actions: readonly string[];
  readonly errorCode: string;
  /** Why, as the first such caller was told. */
  readonly denial: string;
}

/** What one local cloud saw of its roles. */
export interface RecordedUses {
  /** Keys of grants. */
  readonly used: readonly string[];
  /** The same by who assumed the role: `throughKey`s. */
  readonly usedThrough: readonly string[];
  readonly denied: readonly DeniedCall[];
  /** How many calls of tests were denied as they were meant to be. */
  readonly attempts: number;
}

const recordedUses: z.ZodType<RecordedUses> = z.strictObject({
  used: z.array(z.string()),
  usedThrough: z.array(z.string()),
  denied: z.array(
    z.strictObject({
      role: z.string(),
      operation: z.string(),
      actions: z.array(z.string()),
      errorCode: z.string(),
      denial: z.string(),
    }),
  ),
  attempts: z.number().int().nonnegative(),
});

/** Keeps the uses in a file of their own, so that several processes can write into one folder. */
export function writeUses(folder: string, uses: RecordedUses): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(uses));
}

/**
 * All that was written into the folder.
 * @throws {Error} when nothing was, since no call would then mean no use.
 */
export function readUses(folder: string): RecordedUses {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  if (files.length === 0) throw new Error('No calls were recorded: `npm test` records them.');
  const all = files.map((name) => recordedUses.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  return {
    used: [...new Set(all.flatMap(({ used }) => used))].sort(),
    usedThrough: [...new Set(all.flatMap(({ usedThrough }) => usedThrough))].sort(),
    denied: all.flatMap(({ denied }) => denied),
    attempts: all.reduce((sum, { attempts }) => sum + attempts, 0),
  };
}
