import { namedTableNotFound, tableNotFound } from './errors.ts';
import { integer, type Store, text } from './store.ts';
import type { Table } from './table.ts';

/** The definitions of all tables, in memory over the store. */
export class Catalogue {
  readonly #store: Store;
  readonly #tables = new Map<string, Table>();

  constructor(store: Store) {
    this.#store = store;
    for (const row of store.all('SELECT id, definition FROM tables')) {
      const table = { ...(JSON.parse(text(row, 'definition')) as Table), id: integer(row, 'id') };
      this.#tables.set(table.name, table);
    }
  }

  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /** @throws {AwsError} `ResourceNotFoundException` that names the table. */
  need(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw namedTableNotFound(name);
    return table;
  }

  /** By name. */
  all(): readonly Table[] {
    return [...this.#tables.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /**
   * The table as it is now, given the one that a call was authorised for. Had it been created or replaced in between,
   * the call's keys would not be those that were authorised.
   * @throws {AwsError} `ResourceNotFoundException`
   */
  current(authorised: Table | undefined): Table {
    const table = authorised && this.#tables.get(authorised.name);
    if (!table || table.id !== authorised.id) throw tableNotFound();
    return table;
  }

  /** Stores a new definition and gives it its id. Changes of the catalogue belong inside a transaction. */
  insert(definition: Omit<Table, 'id'>): Table {
    const { id } = this.#store.run(
      'INSERT INTO tables (name, definition) VALUES (?, ?)',
      definition.name,
      JSON.stringify(definition),
    );
    const table = { ...definition, id };
    this.#remember(table.name, table);
    return table;
  }

  update(table: Table): Table {
    this.#store.run('UPDATE tables SET definition = ? WHERE id = ?', JSON.stringify(table), table.id);
    this.#remember(table.name, table);
    return table;
  }

  remove(table: Table): void {
    this.#store.run('DELETE FROM tables WHERE id = ?', table.id);
    this.#remember(table.name, undefined);
  }

  #remember(name: string, table: Table | undefined): void {
    const previous = this.#tables.get(name);
    const put = (value: Table | undefined) => {
      if (value) this.#tables.set(name, value);
      else this.#tables.delete(name);
    };
    put(table);
    this.#store.onRollback(() => put(previous));
  }
}
