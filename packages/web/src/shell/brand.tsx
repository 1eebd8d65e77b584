import { Link } from '@tanstack/react-router';

export function Brand() {
  return (
    <Link to="/" className="flex min-h-10 items-center gap-2 font-semibold tracking-tight">
      <img src="/icon.svg" alt="" className="size-6" /> Tenantry
    </Link>
  );
}
