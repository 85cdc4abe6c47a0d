/** Tables as the page shows them. */

/**
 * A table by its caption.
 * @returns {Promise<{columns: string[], rows: Array<Array<{text: string, full: ?string}>>, total: ?Array<{text: string, full: ?string}>}>}
 */
export function shown(page, caption, within = 'body') {
  return page.evaluate(([name, scope]) => {
    const figures = [...document.querySelectorAll(`${scope} figure.table`)].filter((f) => f.dataset.caption === name);
    if (figures.length !== 1) throw new Error(`${figures.length} tables are called ${name} in ${scope}`);
    const cells = (tr) => [...tr.children].map((c) => ({ text: [...c.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(''), full: c.title || null }));
    const [figure] = figures;
    return {
      columns: [...figure.querySelectorAll('thead th')].map((t) => t.textContent),
      rows: [...figure.querySelectorAll('tbody tr')].map(cells),
      total: figure.querySelector('tfoot tr') ? cells(figure.querySelector('tfoot tr')) : null,
    };
  }, [caption, within]);
}

/** Captions of all tables in the page. */
export const captions = (page) => page.$$eval('figure.table', (all) => all.map((f) => f.dataset.caption));

/**
 * Clicks every header of every table three times and checks orders and aria-sort.
 * @returns {Promise<{clicked: number, wrong: string[]}>}
 */
export function sortAll(page) {
  return page.evaluate(() => {
    const wrong = [];
    const collator = new Intl.Collator('en', { numeric: true });
    let clicked = 0;
    const keyOf = (cell) => (cell.title ? Number(cell.title) : [...cell.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(''));
    const absent = (v) => v === '–' || v === '';
    const before = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a <= b : collator.compare(String(a), String(b)) <= 0);
    for (const figure of document.querySelectorAll('figure.table')) {
      const headers = [...figure.querySelectorAll('thead th')];
      const column = (i) => [...figure.querySelectorAll('tbody tr')].map((tr) => keyOf(tr.children[i]));
      headers.forEach((header, i) => {
        const original = JSON.stringify(column(i));
        const count = column(i).length;
        for (let turn = 0; turn < 3; ++turn) {
          header.querySelector('button').click();
          ++clicked;
          const state = header.getAttribute('aria-sort');
          const name = `${figure.dataset.caption}, ${header.textContent}, ${state}`;
          if (headers.some((h, j) => j !== i && h.getAttribute('aria-sort') !== 'none')) wrong.push(`${name}: two columns say that they sort`);
          const values = column(i);
          if (values.length !== count) wrong.push(`${name}: rows are lost`);
          if (state === 'none') { if (JSON.stringify(values) !== original) wrong.push(`${name}: not as before`); continue; }
          const present = values.filter((v) => !absent(v));
          if (values.slice(0, present.length).some(absent)) wrong.push(`${name}: absent values are not last`);
          const ordered = state === 'ascending' ? present : [...present].reverse();
          for (let k = 1; k < ordered.length; ++k) if (!before(ordered[k - 1], ordered[k])) { wrong.push(`${name}: ${ordered[k - 1]} before ${ordered[k]}`); break; }
        }
      });
    }
    return { clicked, wrong };
  });
}
