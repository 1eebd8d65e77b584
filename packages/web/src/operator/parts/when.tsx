import { useMessages } from '../../messages/context.tsx';

/** Day and time of something; a dash where it has not happened. */
export function When({ at }: { readonly at: string | null }) {
  const { date, time } = useMessages();
  if (at === null) return <>–</>;
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {date(at)} {time(at)}
    </time>
  );
}
