import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { companiesQuery } from '../operator/queries.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';

/** All companies of a status, and a way to find one. */
export function OperatorPage() {
  const { t, date } = useMessages();
  const [status, setStatus] = useState('active');
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const companies = useInfiniteQuery(companiesQuery(search ? { search } : { status }));
  const found = companies.data?.pages.flatMap(({ tenants }) => tenants);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSearch(typed.trim().toLowerCase());
  };
  return (
    <>
      <PageTitle note={t.operator.note}>{t.operator.title}</PageTitle>
      <Panel title={t.operator.title}>
        <form onSubmit={submit} className="mb-5 flex flex-wrap items-end gap-3">
          <Field label={t.operator.search}>
            {(ids) => (
              <input
                {...ids}
                type="search"
                className={inputClass}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit">{t.operator.find}</Button>
          <Field label={t.operator.status}>
            {(ids) => (
              <select
                {...ids}
                className={inputClass}
                value={status}
                onChange={(event) => {
                  setSearch('');
                  setTyped('');
                  setStatus(event.target.value);
                }}
              >
                {Object.entries(t.statuses).map(([name, words]) => (
                  <option key={name} value={name}>
                    {words}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </form>
        {companies.isPending && <Skeleton />}
        {companies.error && <ProblemNotice error={companies.error} retry={() => companies.refetch()} />}
        {found?.length === 0 && <p className="text-soft">{t.operator.none}</p>}
        {found && found.length > 0 && (
          <div className="overflow-x-auto">
            <table className="w-full text-sm">
              <thead>
                <tr className="border-b border-line text-left">
                  {[t.operator.name, t.operator.tier, t.operator.status, t.operator.registered].map((name) => (
                    <th key={name} scope="col" className="py-2 pr-4 font-medium">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.map((company) => (
                  <tr key={company.id} className="border-b border-line last:border-0">
                    <th scope="row" className="py-2 pr-4 text-left font-normal">
                      <Link
                        to="/operator/$tenantId"
                        params={{ tenantId: company.id }}
                        className="font-medium underline underline-offset-4"
                      >
                        {company.name}
                      </Link>
                      <span className="block text-soft">{company.slug}</span>
                    </th>
                    <td className="py-2 pr-4">{company.tier}</td>
                    <td className="py-2 pr-4">{t.statuses[company.status] ?? company.status}</td>
                    <td className="py-2 pr-4 tabular-nums">{date(company.createdAt)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {companies.hasNextPage && (
          <Button className="mt-4" disabled={companies.isFetchingNextPage} onClick={() => companies.fetchNextPage()}>
            {t.operator.more}
          </Button>
        )}
      </Panel>
    </>
  );
}
