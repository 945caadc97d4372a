import { element } from './elements.js';

type Order = 'ascending' | 'descending';

/** Lets readers sort a table by its columns and filter its rows. */
export function enhanceTable(container: HTMLElement): void {
  const table = container.querySelector('table');
  const body = table?.tBodies[0];
  if (!table || !body || body.rows.length < 2) return;
  const rows = [...body.rows];
  const headers = [...table.querySelectorAll('th')];
  headers.forEach((header, index) => addSort(header, () => sortBy(index, header)));

  function sortBy(index: number, header: HTMLElement): void {
    const order: Order = header.ariaSort === 'ascending' ? 'descending' : 'ascending';
    for (const other of headers) other.removeAttribute('aria-sort');
    header.ariaSort = order;
    const sorted = rows
      .map((row) => ({ row, value: valueOf(row.cells[index]) }))
      .sort((a, b) => compareValues(a.value, b.value) * (order === 'ascending' ? 1 : -1));
    body?.append(...sorted.map(({ row }) => row));
  }

  const choice = table.dataset['choice'] === '' ? undefined : Number(table.dataset['choice']);
  const filter = addFilter(container, table, rows, choice);
  container.addEventListener('clear-filter', filter.clear);
}

function addSort(header: HTMLTableCellElement, sort: () => void): void {
  const name = header.textContent;
  const control = element('button', name, { type: 'button', class: 'sort' });
  control.addEventListener('click', sort);
  header.replaceChildren(control);
}

function valueOf(cell: HTMLTableCellElement | undefined): string {
  return cell?.dataset['value'] ?? cell?.textContent.trim() ?? '';
}

function compareValues(one: string, other: string): number {
  const [a, b] = [Number(one), Number(other)];
  return one !== '' && other !== '' && !Number.isNaN(a) && !Number.isNaN(b) ? a - b : one.localeCompare(other, 'en', { numeric: true });
}

/** Adds a field for text, a selection of one column's values, and how many rows are shown. */
function addFilter(
  container: HTMLElement,
  table: HTMLTableElement,
  rows: readonly HTMLTableRowElement[],
  choice: number | undefined,
): { readonly clear: () => void } {
  const caption = table.caption?.textContent ?? 'the table';
  const text = element('input', '', { type: 'search', placeholder: 'Filter', 'aria-label': `Filter: ${caption}` });
  const values = choice === undefined ? [] : [...new Set(rows.map((row) => valueOf(row.cells[choice])))].sort();
  const name = choice === undefined ? '' : (table.tHead?.rows[0]?.cells[choice]?.textContent ?? '');
  const selection = element('select', '', { 'aria-label': `${name}: ${caption}` });
  selection.append(element('option', `${name}: all`, { value: '' }), ...values.map((value) => element('option', value, { value })));
  const status = element('output', '', { 'aria-live': 'polite' });
  const contents = rows.map((row) => row.textContent.toLowerCase());

  function apply(): void {
    const words = text.value.toLowerCase().split(/\s+/);
    let shown = 0;
    rows.forEach((row, index) => {
      const isChosen = selection.value === '' || choice === undefined || valueOf(row.cells[choice]) === selection.value;
      row.hidden = !isChosen || !words.every((word) => contents[index]?.includes(word) === true);
      if (!row.hidden) shown++;
    });
    status.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
  }

  text.addEventListener('input', apply);
  selection.addEventListener('change', apply);
  const tools = element('div', '', { class: 'tools' });
  tools.append(text, ...(values.length > 1 ? [selection] : []), status);
  container.prepend(tools);
  apply();
  return {
    clear: () => {
      text.value = '';
      selection.value = '';
      apply();
    },
  };
}
