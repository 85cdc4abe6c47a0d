/** What all charts share: fonts, inks, axes, tooltips that stay inside. */

const FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif';

/** Beside the pointer, never beyond the sides of the chart. */
function beside([x, y], params, element, rect, { contentSize: [width], viewSize: [space] }) {
  const right = x + 16 + width <= space;
  return [right ? x + 16 : Math.max(0, Math.min(x - 16 - width, space - width)), y + 16];
}

/** The part of an option that every chart has. */
export function frame(ink) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: ink.ink },
    tooltip: {
      appendTo: 'body', className: 'tip', position: beside, transitionDuration: 0, backgroundColor: ink.raised, borderColor: ink.line, padding: [8, 12],
      textStyle: { color: ink.ink, fontSize: 13, fontFamily: FONT }, extraCssText: 'box-shadow:0 2px 10px rgb(0 0 0 / .18);max-width:min(360px,94vw);white-space:normal',
    },
  };
}

/** An axis in the page's inks; what it is given wins. */
export function axis(ink, { axisLabel, ...rest }) {
  return {
    nameTextStyle: { color: ink.soft, fontSize: 12 }, axisLabel: { color: ink.soft, fontSize: 12, ...axisLabel },
    axisLine: { lineStyle: { color: ink.line } }, axisTick: { lineStyle: { color: ink.line } },
    splitLine: { lineStyle: { color: ink.line, opacity: 0.7 } }, ...rest,
  };
}
