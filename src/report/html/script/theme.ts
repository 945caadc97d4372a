import { button } from './elements.js';

/** Adds a button that changes between light and dark. At first the page follows the system. */
export function addThemeButton(): void {
  const isDark = (): boolean => {
    const chosen = document.documentElement.dataset['theme'];
    return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  };
  const textOf = (): string => (isDark() ? 'Light colours' : 'Dark colours');
  const change = button(textOf(), textOf(), () => {
    document.documentElement.dataset['theme'] = isDark() ? 'light' : 'dark';
    change.textContent = textOf();
  });
  const print = button('Print', 'Print', () => window.print());
  document.getElementById('page-actions')?.append(change, print);
}
