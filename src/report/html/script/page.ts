import { mountDiagrams } from './diagrams.js';
import { addThemeButton } from './theme.js';
import { enhanceTable } from './tables.js';

/** Adds to the page what needs a script: sorting and filters, the diagrams, colours, links to hidden rows, and complete prints. */
export function startPage(): void {
  for (const element of document.querySelectorAll<HTMLElement>('.table')) enhanceTable(element);
  mountDiagrams();
  addThemeButton();
  window.addEventListener('hashchange', showTarget);
  showTarget();
  openForPrint();
}

/** Shows the target of a link inside the page, also if a filter hides it. */
function showTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(target instanceof HTMLTableRowElement)) return;
  target.closest('.table')?.dispatchEvent(new CustomEvent('clear-filter'));
  target.tabIndex = -1;
  target.scrollIntoView({ block: 'center' });
  target.focus({ preventScroll: true });
}

/** Opens all closed parts of the page for print. */
function openForPrint(): void {
  const openedForPrint: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not([open])')) {
      details.open = true;
      openedForPrint.push(details);
    }
  });
  window.addEventListener('afterprint', () => {
    for (const details of openedForPrint.splice(0)) details.open = false;
  });
}
