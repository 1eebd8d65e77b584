import { type Person, until } from '@tenantry/local/demo/journey';

/** Waits until an export has ended well. @throws when it failed, with the reason */
export const exported = ({ api, accessToken: bearer }: Person, exportId: string) =>
  until(
    'the export',
    async () => {
      const { exports } = await api('listExports', { bearer });
      const found = exports.find(({ id }) => id === exportId);
      if (found?.status === 'failed') throw new Error(found.reason ?? 'The export failed.');
      return found?.status === 'succeeded' ? found : undefined;
    },
    30_000,
  );

/** Exports all that the person's company has. @returns the export's id */
export async function exportAll(person: Person): Promise<string> {
  const { exportId } = await person.api('startExport', { bearer: person.accessToken });
  await exported(person, exportId);
  return exportId;
}
