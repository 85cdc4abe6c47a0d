/** The way of the tab key through a page. */

/**
 * Presses Tab until every stop should have had the focus.
 * @returns {Promise<{stops: number, missed: string[], unseen: string[]}>} `missed` never had it, `unseen` had it without an outline
 */
export async function tabThrough(page) {
  const wanted = await page.evaluate(() => {
    const focusable = 'a[href], button, input, select, summary, [tabindex="0"]';
    const visible = (e) => e.getClientRects().length > 0 && !e.closest('details:not([open]) > :not(summary)');
    const seen = new Set();
    window.reached = new Set();
    window.unseen = [];
    document.addEventListener('focusin', ({ target }) => {
      window.reached.add(target.dataset.stop ?? '');
      const shown = target.type === 'radio' ? target.nextElementSibling : target;
      if (getComputedStyle(shown).outlineStyle === 'none') window.unseen.push(target.outerHTML.slice(0, 80));
    });
    [...document.querySelectorAll(focusable)].filter(visible).forEach((e, i) => {
      e.dataset.stop = e.type === 'radio' ? e.name : String(i);  // a group of radios is one stop
      seen.add(e.dataset.stop);
    });
    return [...seen];
  });
  for (let i = 0; i < wanted.length + 5; ++i) await page.keyboard.press('Tab');
  const { reached, unseen } = await page.evaluate(() => ({ reached: [...window.reached], unseen: window.unseen }));
  return { stops: wanted.length, missed: wanted.filter((w) => !reached.includes(w)), unseen };
}
