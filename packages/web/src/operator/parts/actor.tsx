import { useQuery } from '@tanstack/react-query';
import { useText } from '../../messages/define.ts';
import { queries } from '../../queries.ts';
import { operatorMessages } from '../messages.ts';

/** What each user of a company may do, by id; without a company there are none. */
export type Roles = Readonly<Record<string, string>>;

/**
 * Who did something, as staff know them, with the id by which entries are found. People of a company are told by what they may do: their addresses are
 * the company's own.
 */
export function Actor({ actor, roles = {} }: { readonly actor: string; readonly roles?: Roles }) {
  const text = useText(operatorMessages);
  const me = useQuery(queries.me).data;
  const [kind = '', rest = ''] = actor.split(':');
  if (kind === 'system') return text.system(rest);
  const nameOf = (): string | undefined => {
    if (kind === 'operator') return rest === me?.id ? text.you(me.email) : text.staff;
    if (actor.startsWith('usr_')) return text.byRole[roles[actor] ?? ''] ?? text.former;
    return actor.startsWith('key_') ? text.byKey : undefined;
  };
  const name = nameOf();
  const id = rest || actor;
  return name === undefined ? (
    actor
  ) : (
    <>
      {name} <code className="text-xs">{id}</code>
    </>
  );
}
