/** Light or dark, as the system says or as the reader chooses; charts take their inks from here. */

import { radios } from './controls.js';

const KEY = 'eyrie.theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();
let chosen = stored();
let printing = false;

function stored() {
  try {
    return localStorage.getItem(KEY) ?? 'auto';
  } catch {
    return 'auto';  // files may be denied storage
  }
}

/** True where the page is dark now; paper never is. */
export const isDark = () => !printing && (chosen === 'dark' || (chosen === 'auto' && system.matches));

/** @returns {{dark: boolean, ink: string, soft: string, line: string, paper: string, raised: string}} */
export function inks() {
  return isDark()
    ? { dark: true, ink: '#e4e8ec', soft: '#a3adb7', line: '#38424c', paper: '#14181c', raised: '#1c2228' }
    : { dark: false, ink: '#1b2127', soft: '#5b6670', line: '#dde1e5', paper: '#ffffff', raised: '#ffffff' };
}

function apply() {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

/** Calls back after every change. */
export const onTheme = (listener) => listeners.add(listener);

/** Paper is light: charts are drawn again for it, and back. */
export function setPrinting(value) {
  printing = value;
  apply();
}

/** The three-way choice, and the start of it all. */
export function themeControl() {
  system.addEventListener('change', apply);
  apply();
  return radios('Colours', [['auto', 'Auto'], ['light', 'Light'], ['dark', 'Dark']], chosen, (value) => {
    chosen = value;
    try {
      localStorage.setItem(KEY, value);
    } catch { /* then it lasts as long as the page */ }
    apply();
  });
}
