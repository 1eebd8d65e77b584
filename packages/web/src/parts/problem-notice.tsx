import { ApiError } from '../api/error.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from './button.tsx';

/** What went wrong, what to do, and the request to name when asking for help. */
export function ProblemNotice({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry?: (() => void) | undefined;
}) {
  const { t } = useMessages();
  const problem = error instanceof ApiError ? error.problem : {};
  const said = String(error instanceof Error ? error.message : error);
  const text =
    error instanceof ApiError && error.status === 0
      ? t.noAnswer
      : error instanceof ApiError && error.status >= 500 && !problem.detail
        ? t.broken
        : said;
  return (
    <div role="alert" className="space-y-2 rounded-lg border border-bad bg-panel p-4 text-sm">
      <p className="text-bad">{text}</p>
      {problem.requestId && <p className="text-soft">{t.requestId(problem.requestId)}</p>}
      {retry && <Button onClick={retry}>{t.tryAgain}</Button>}
    </div>
  );
}
