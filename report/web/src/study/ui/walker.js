/** The plot under the keyboard: from design to design, into its report, and out again. */

/** Keys, what they follow, and how far. */
const WAYS = { ArrowRight: ['x', 1], ArrowLeft: ['x', -1], ArrowUp: ['y', 1], ArrowDown: ['y', -1] };

/** The next point along an axis; at its end, the last one stays. */
export function nextPoint(points, selected, axis, step) {
  const other = axis === 'x' ? 'y' : 'x';
  const ordered = [...points].sort((p, q) => p[axis] - q[axis] || p[other] - q[other] || p.design.number - q.design.number);
  const at = ordered.findIndex((p) => p.design === selected);
  if (at < 0) return ordered[step > 0 ? 0 : ordered.length - 1] ?? null;
  return ordered[Math.min(ordered.length - 1, Math.max(0, at + step))];
}

/**
 * @param {HTMLElement} box that has the focus
 * @param {{points: function(): object[], selected: function(): ?object, select: function(?object)}} designs
 */
export function walker(box, { points, selected, select }) {
  box.setAttribute('role', 'application');
  box.setAttribute('aria-roledescription', 'plot');
  box.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const way = WAYS[event.key];
    const end = { Home: 0, End: points().length - 1 }[event.key];
    if (way) select(nextPoint(points(), selected(), ...way)?.design ?? null);
    else if (end !== undefined) select(points()[end]?.design ?? null);
    else if (event.key === 'Escape') select(null);
    else if (event.key === 'Enter' && selected()?.report) window.location.assign(selected().report);
    else return;
    event.preventDefault();
  });
}
