import type { ReactNode } from 'react';
import { ScrollArea } from './scroll-area.tsx';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures are set against the right edge, digit below digit. */
  readonly numeric?: boolean;
  /** Whether the title is for screen readers alone, as above buttons. */
  readonly quiet?: boolean;
}

/** Rows of one kind. The first column names the row. Wider than the page, it scrolls on its own. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}) {
  const align = (column: Column<Row>) => (column.numeric ? 'text-right tabular-nums' : 'text-left');
  return (
    <ScrollArea label={label}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <th
                key={column.title}
                scope="col"
                className={`py-2 pr-4 font-medium whitespace-nowrap text-soft ${align(column)}`}
              >
                <span className={column.quiet ? 'sr-only' : undefined}>{column.title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line last:border-0">
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.title} scope="row" className={`py-3 pr-4 font-normal ${align(column)}`}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} className={`py-3 pr-4 ${align(column)}`}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
