import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { journeyMessages } from '../journey/messages.ts';
import { Secret } from '../keys/create-key.tsx';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';

/** Makes a publishable key by one click, unless there are keys already. */
export function KeyStep({
  secret,
  onSecret,
}: {
  readonly secret: string | undefined;
  readonly onSecret: (secret: string) => void;
}) {
  const { number } = useMessages();
  const text = useText(journeyMessages);
  const client = useQueryClient();
  const viewer = useViewer();
  const sees = viewer?.may('listApiKeys') ?? false;
  const mayCreate = viewer?.may('createApiKey') ?? false;
  const keys = useQuery({ ...queries.keys, enabled: sees });
  const create = useMutation({
    mutationFn: () => api('createApiKey', { body: { name: text.keyName, kind: 'publishable' } }),
    onSuccess: async (made) => {
      onSecret(made.secret);
      await client.invalidateQueries({ queryKey: queries.keys.queryKey });
    },
  });
  const count = keys.data?.apiKeys.length ?? 0;
  return (
    <Panel title={text.keyTitle}>
      <div className="space-y-4">
        <p className="text-soft">{text.keyText}</p>
        {sees && keys.isPending && <Skeleton lines={2} />}
        {(keys.error ?? create.error) && <ProblemNotice error={keys.error ?? create.error} />}
        {secret ? (
          <>
            <Secret secret={secret} />
            <p className="text-good">{text.keyReady}</p>
          </>
        ) : (
          <>
            {count > 0 && <p>{text.keyHave(number(count))}</p>}
            {mayCreate ? (
              keys.data && (
                <Button
                  look={count > 0 ? 'plain' : 'strong'}
                  disabled={create.isPending}
                  onClick={() => create.mutate()}
                >
                  {count > 0 ? text.keyAnother : text.keyMake}
                </Button>
              )
            ) : (
              <p className="text-soft">{text.keyAsk}</p>
            )}
          </>
        )}
      </div>
    </Panel>
  );
}
