import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../contract/cursor.ts';
import { shopperBuckets, shopperPlaceSchema } from '../shoppers/registry.ts';
import { type ExportFolder, writeOnce } from './objects.ts';
import { type SectionName, sectionNames, sections } from './sections.ts';
import type { ExportSource, Section } from './source.ts';

/** How far an export is: the file that comes next. The state machine carries it from slice to slice. */
export const sliceCursorSchema = z.object({
  section: z.enum(sectionNames),
  part: z.int().min(1),
  /** Where in the section, in its own terms. */
  place: z.unknown().optional(),
});
export type SliceCursor = z.infer<typeof sliceCursorSchema>;

const END = 'end';

function following({ section, part }: SliceCursor, place: unknown): SliceCursor | undefined {
  if (place !== undefined) return { section, part: part + 1, place };
  const next = sectionNames[sectionNames.indexOf(section) + 1];
  return next && { section: next, part: 1 };
}

/**
 * Writes the file at the cursor. A slice that comes again, even while the first try still runs, finds the file and goes
 * on from where that ended.
 * @returns the next cursor; undefined when all is written
 */
export async function writeSlice(
  source: ExportSource,
  folder: ExportFolder,
  cursor: SliceCursor,
): Promise<SliceCursor | undefined> {
  const section: Section = sections[cursor.section];
  const {
    body,
    rows,
    next: place,
  } = await section.read(source, cursor.place).catch((error: unknown) => {
    if (!(error instanceof z.ZodError)) throw error;
    throw new Error(`Something among the ${cursor.section} could not be read.`, { cause: error });
  });
  const next = following(cursor, place);
  // Only the end of what was there before: no file without rows, but for a section that has none at all.
  if (rows === 0 && cursor.part > 1 && place === undefined) return next;
  await source.assertWritable();
  const written = await writeOnce(folder, section.file(cursor.part), {
    body,
    rows,
    next: next ? encodeCursor(next) : END,
  });
  return written === END ? undefined : decodeCursor(written, sliceCursorSchema);
}

/** What the large sections take of the time, in per cent; the others share the rest. */
const shareOf: Partial<Record<SectionName, number>> = { events: 60, recommendations: 25 };
const restShare = 15 / (sectionNames.length - Object.keys(shareOf).length);

const shopperPlace = z.object({ shoppers: shopperPlaceSchema });

/** About how much of an export lies before a cursor, in per cent: by its section and, among rows of shoppers, by their bucket. */
export function progressAt({ section, place }: SliceCursor): number {
  const before = sectionNames.slice(0, sectionNames.indexOf(section));
  const { data } = shopperPlace.safeParse(place);
  const within = data ? (data.shoppers.bucket / shopperBuckets) * (shareOf[section] ?? restShare) : 0;
  return Math.floor(before.reduce((sum, name) => sum + (shareOf[name] ?? restShare), within));
}
