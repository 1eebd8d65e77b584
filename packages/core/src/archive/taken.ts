import * as z from 'zod';

/**
 * Which files of the archive a model was made of. Files are named once and never added to, so that a file is taken or not; its age
 * would not tell, since what is late arrives under a day that is over, and what is rewritten looks new.
 */
export const takenSchema = z.object({
  /** All files of the days before this one are taken. Empty: none is. */
  since: z.union([z.literal(''), z.string().regex(/^\d{4}-\d{2}-\d{2}$/)]),
  /** Those of later days that are. */
  files: z.array(z.string()),
});
export type Taken = z.infer<typeof takenSchema>;

/** A stream keeps what it could not deliver for a day: nothing arrives under a day that is over for longer than that. */
const LATE_DAYS = 2;
const DAY_MS = 86_400_000;

const dayOf = (file: string): string => file.slice('dt='.length, 'dt=2026-11-30'.length);

export const nothingTaken: Taken = { since: '', files: [] };

/** Those of the listed files that are not taken yet. */
export function notTaken({ since, files }: Taken, listed: readonly string[]): readonly string[] {
  const known = new Set(files);
  return listed.filter((file) => dayOf(file) >= since && !known.has(file));
}

/**
 * What is taken when these files are, too.
 * @param now days that are over for long are remembered as a whole
 */
export function taking({ since, files }: Taken, more: readonly string[], now: Date): Taken {
  const settled = new Date(now.getTime() - LATE_DAYS * DAY_MS).toISOString().slice(0, 10);
  const from = settled > since ? settled : since;
  return { since: from, files: [...new Set([...files, ...more])].filter((file) => dayOf(file) >= from).sort() };
}
