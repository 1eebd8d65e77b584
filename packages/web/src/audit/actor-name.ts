import { useQuery } from '@tanstack/react-query';
import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { usersQuery } from '../users/queries.ts';
import { auditMessages } from './messages.ts';

/** Says who an entry is about, as people know them. */
export function useActorName(): (actor: string) => string {
  const text = useText(auditMessages);
  const viewer = useViewer();
  const users = useQuery({ ...usersQuery, enabled: viewer?.may('listUsers') ?? false });
  return (actor) => {
    if (actor.startsWith('operator:')) return text.operator;
    if (actor.startsWith('system:')) return text.system(actor.slice('system:'.length));
    if (!actor.startsWith('usr_')) return actor;
    return users.data?.users.find(({ id }) => id === actor)?.email ?? text.formerUser(actor.slice(-6));
  };
}
