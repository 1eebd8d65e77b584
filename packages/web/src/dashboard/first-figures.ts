import { useQuery } from '@tanstack/react-query';
import { useFlag } from '../company/flag.ts';
import { activityQuery, queries } from '../queries.ts';
import { dayBefore, windowOf } from './figures.ts';
import { performanceQuery, stepsDays, usageSinceQuery } from './queries.ts';

/** The days that the dashboard shows until others are chosen. */
export const firstSpan = '30';

/**
 * Whether all that the dashboard shows at first has come, or was refused. Its parts appear together then, so that none of them moves what somebody
 * reads already.
 * @param enabled whether the viewer may ask for figures at all
 */
export function useFirstFigures(enabled: boolean): boolean {
  const today = new Date().toISOString().slice(0, 10);
  const { first } = windowOf(firstSpan, today).before;
  const asked = [
    useQuery({ ...activityQuery(useFlag('live-activity')), enabled }),
    useQuery({ ...queries.models, enabled }),
    useQuery({ ...usageSinceQuery(first), enabled }),
    useQuery({ ...performanceQuery(first, today), enabled }),
    useQuery({ ...performanceQuery(dayBefore(today, stepsDays - 1), today), enabled }),
  ];
  return asked.every(({ isLoading }) => !isLoading);
}
