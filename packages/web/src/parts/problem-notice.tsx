import { ApiError } from '../api/error.ts';
import { useMessages } from '../messages/context.tsx';
import { useRefusal } from '../problems/use-refusal.ts';
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
  const { text } = useRefusal(error);
  const requestId = error instanceof ApiError ? error.problem.requestId : undefined;
  if (text === undefined) return null;
  return (
    <div role="alert" className="space-y-2 rounded-lg border border-bad bg-panel p-4 text-sm">
      <p className="text-bad">{text}</p>
      {requestId && <p className="text-soft">{t.requestId(requestId)}</p>}
      {retry && <Button onClick={retry}>{t.tryAgain}</Button>}
    </div>
  );
}
