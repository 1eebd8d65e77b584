import { useState } from 'react';
import { ItemDialog } from '../catalogue/item-dialog.tsx';
import type { Item } from '../catalogue/items.ts';
import { ItemsPanel } from '../catalogue/items-panel.tsx';
import { catalogueMessages } from '../catalogue/messages.ts';
import { UploadDialog } from '../catalogue/upload-dialog.tsx';
import { useViewer } from '../company/company.ts';
import { useSettled } from '../journey/slug-check.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { inputClass } from '../parts/field.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** Long enough that nobody searches for each letter. */
const QUIET_MS = 300;

/** The shop's items: search, edit, add, upload, delete. */
export function CataloguePage() {
  const text = useText(catalogueMessages);
  const viewer = useViewer();
  const [typed, setTyped] = useState('');
  const [editing, setEditing] = useState<Item>();
  const [open, setOpen] = useState<'item' | 'upload'>();
  const search = useSettled(typed.trim(), QUIET_MS);
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('browseItems')) return <NotForYou title={text.title} />;
  const mayEdit = viewer.may('editItems');
  const close = () => {
    setOpen(undefined);
    setEditing(undefined);
  };
  const buttons = mayEdit && (
    <>
      <Button onClick={() => setOpen('item')}>{text.add}</Button>
      <Button look="strong" onClick={() => setOpen('upload')}>
        {text.upload}
      </Button>
    </>
  );
  return (
    <>
      <PageTitle note={text.note} actions={buttons}>
        {text.title}
      </PageTitle>
      <div className="space-y-5 rounded-xl border border-line bg-panel p-5 sm:p-6">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <input
            type="search"
            aria-label={text.search}
            placeholder={text.search}
            className={`${inputClass} max-w-md`}
            value={typed}
            maxLength={100}
            onChange={({ target }) => setTyped(target.value)}
          />
          <span className="text-sm text-soft">{text.order}</span>
        </div>
        <ItemsPanel
          search={search}
          empty={
            mayEdit && (
              <Button look="strong" onClick={() => setOpen('upload')}>
                {text.upload}
              </Button>
            )
          }
          onEdit={(item) => {
            setEditing(item);
            setOpen('item');
          }}
        />
      </div>
      {open === 'item' && <ItemDialog item={editing} onClose={close} />}
      {open === 'upload' && <UploadDialog onClose={close} />}
    </>
  );
}
