import type { CallOutput } from '../../api/client.ts';

type Overview = CallOutput<'readTenantOverview'>;

/** Something that happened to a company. */
export interface Happening {
  readonly id: string;
  /** When it began. */
  readonly at: string;
  /** The step, or the action as the log names it. */
  readonly what: string;
  /** What the API calls it. */
  readonly title: string;
  /** As the log names them; undefined for a step, which nobody takes. */
  readonly actor: string | undefined;
  readonly details: string;
  /** How long it took; undefined for what took no time, null for what has not ended. */
  readonly seconds: number | null | undefined;
  readonly failed: boolean;
}

type Step = Overview['onboarding'][number];

const ofStep = (journey: string, { step, title, startedAt, endedAt, reason, outcome }: Step): Happening[] =>
  startedAt === null
    ? []
    : [
        {
          id: `${journey} ${step}`,
          at: startedAt,
          what: step,
          title,
          actor: undefined,
          details: reason ?? '',
          seconds: endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
          failed: outcome === 'failed',
        },
      ];

/** Steps and entries of the log in one row, the newest first. */
export function timelineOf({ onboarding, tierChange, entries }: Overview): readonly Happening[] {
  const logged = entries.map(({ id, at, actor, action, details }): Happening => {
    const said = Object.entries(details).map(([name, value]) => `${name}: ${value}`);
    return { id, at, what: action, title: action, actor, details: said.join(' · '), seconds: undefined, failed: false };
  });
  return [
    ...onboarding.flatMap((step) => ofStep('onboarding', step)),
    ...tierChange.flatMap((step) => ofStep('tier-change', step)),
    ...logged,
  ].toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
