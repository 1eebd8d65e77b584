/**
 * How far a change of tier is.
 * - `preparing`: what the new tier needs is being built; nothing has changed for the shoppers.
 * - `mirroring`: new events are written to the old and the new place, and the old ones are copied.
 * - `switched`: the new place serves. The old one still gets every event, for a grace period, and for whoever does not know of it yet.
 * - `cleaning`: the old place gets no more events, and is erased.
 * - `undoing`: the change is being taken back; the new place gets no more events, and is erased.
 */
export const migrationPhases = ['preparing', 'mirroring', 'switched', 'cleaning', 'undoing'] as const;
export type MigrationPhase = (typeof migrationPhases)[number];
