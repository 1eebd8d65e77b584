import { useMessages } from '../messages/context.tsx';
import { localPath } from '../public/addresses.ts';

/** Leads out of the application, to the start page. */
export function Brand() {
  const { language } = useMessages();
  return (
    <a href={localPath('/', language)} className="flex min-h-10 items-center gap-2 font-semibold tracking-tight">
      <img src="/icon.svg" alt="" className="size-6" /> Tenantry
    </a>
  );
}
