#pragma once

// Internal to report: the look of report.html. Light and dark follow the reader's system; print is always light.

namespace eyrie {

inline constexpr const char* kStyle = R"css(
:root { color-scheme:light dark; --bg:#fbfbf9; --fg:#1b2025; --soft:#59626d; --line:#dfe2e6; --card:#fff; --good:#00684d; --bad:#a33c00; --link:#00568b;
  --wash-good:#e7f4ef; --wash-bad:#fbeee5; --track:#eceef0; --hatch:repeating-linear-gradient(135deg,#d3d7dc 0 3px,#e9ebee 3px 6px); }
@media (prefers-color-scheme: dark) { :root { --bg:#14171b; --fg:#e7e9eb; --soft:#9ca6b0; --line:#2d333a; --card:#1b1f24; --good:#4cc9a2; --bad:#ff9d66; --link:#7cc4f5;
  --wash-good:#14251f; --wash-bad:#2c1d14; --track:#23282e; --hatch:repeating-linear-gradient(135deg,#3a424b 0 3px,#2a3037 3px 6px); } }
* { box-sizing:border-box; }
body { margin:0; background:var(--bg); color:var(--fg); font:15px/1.55 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif; }
main { max-width:1180px; margin:0 auto; padding:36px 28px 72px; }
h1 { font-size:27px; line-height:1.2; margin:0 0 6px; letter-spacing:-.015em; text-wrap:balance; }
h1 .on { display:block; font-size:.78em; font-weight:400; }
h2 { font-size:18px; margin:0 0 4px; letter-spacing:-.005em; }
section { margin-top:44px; padding-top:20px; border-top:1px solid var(--line); }
p { margin:4px 0 12px; max-width:92ch; }
a { color:var(--link); }
code, pre { font:12.5px/1.5 ui-monospace,"DejaVu Sans Mono",monospace; }
pre { overflow-x:auto; margin:8px 0; padding:10px 12px; background:var(--track); border-radius:6px; }
.soft { color:var(--soft); } .good { color:var(--good); } .bad { color:var(--bad); }
.verdict { max-width:none; margin:14px 0 18px; padding:8px 14px; border-radius:6px; border-left:4px solid currentColor; font-weight:600; }
.verdict.good { background:var(--wash-good); } .verdict.bad { background:var(--wash-bad); } .verdict.part { color:var(--bad); background:var(--wash-bad); font-weight:400; }
.cards { display:grid; grid-template-columns:repeat(4,1fr); gap:12px; margin:0 0 14px; }
.card { display:flex; flex-direction:column; background:var(--card); border:1px solid var(--line); border-radius:8px; padding:12px 16px 11px; }
.card b { font-size:26px; line-height:1.3; letter-spacing:-.01em; font-variant-numeric:tabular-nums; }
.card small { font-size:13px; font-weight:400; letter-spacing:0; color:var(--soft); }
.card .what { font-size:13px; font-weight:600; } .card .origin { font-size:12px; color:var(--soft); }
nav { display:flex; flex-wrap:wrap; gap:4px 18px; font-size:13.5px; } nav a { text-decoration:none; } nav a:hover { text-decoration:underline; }
.legend { display:flex; flex-wrap:wrap; gap:3px 18px; font-size:13px; margin:10px 0 14px; padding:0; list-style:none; }
.legend i { display:inline-block; width:12px; height:12px; border-radius:3px; margin-right:6px; vertical-align:-1px; }
.bar { display:grid; grid-template-columns:88px 1fr 92px; gap:12px; align-items:center; margin:4px 0; font-size:13.5px; }
.bar .label { overflow:hidden; text-overflow:ellipsis; white-space:nowrap; }
.bar .track { display:flex; height:22px; border-radius:4px; overflow:hidden; background:var(--track); }
.bar i { display:flex; align-items:center; justify-content:center; min-width:0; overflow:hidden; font-style:normal; font-size:11.5px; box-shadow:inset -1px 0 0 var(--bg); }
.bar i b { font-weight:600; white-space:nowrap; }
.bar i:hover { filter:brightness(1.12); }
.bar .value { text-align:right; white-space:nowrap; font-variant-numeric:tabular-nums; color:var(--soft); }
.sum .track { background:linear-gradient(var(--track),var(--track)) 0 50%/100% 2px no-repeat; }
.sum { margin-top:10px; padding-top:6px; border-top:1px dashed var(--line); }
.scroll { overflow-x:auto; }
table { border-collapse:separate; border-spacing:0; width:100%; font-size:13px; font-variant-numeric:tabular-nums; }
th, td { padding:5px 8px; text-align:right; border-bottom:1px solid var(--line); white-space:nowrap; vertical-align:top; }
th { font-weight:600; color:var(--soft); vertical-align:bottom; line-height:1.3; }
th.group { text-align:center; border-bottom:0; padding-bottom:0; }
.text { text-align:left; } td.wide { white-space:normal; min-width:300px; } .whole { font-weight:600; }
td:first-child { position:sticky; left:0; background:var(--bg); }
details td:first-child { background:var(--card); }
tbody tr:hover td { background:var(--track); }
tfoot td { font-weight:600; border-bottom:0; border-top:1px solid var(--soft); }
details { border:1px solid var(--line); border-radius:8px; padding:6px 14px; margin:8px 0; background:var(--card); }
summary { cursor:pointer; font-size:13.5px; }
.mark { border:1px solid currentColor; border-radius:4px; padding:0 6px; font-size:12px; color:var(--soft); }
.mark.seen-in-text { border-color:transparent; padding:0; } .mark.assumed, .mark.from-memory { color:var(--bad); }
@media (max-width:820px) { .cards { grid-template-columns:repeat(2,1fr); } }
@media (max-width:560px) {
  main { padding:22px 14px 48px; } h1 { font-size:22px; } section { margin-top:32px; }
  .cards { gap:8px; } .card { padding:9px 11px; } .card b { font-size:21px; } .card small { display:block; font-size:12px; line-height:1.3; }
  .bar { grid-template-columns:62px 1fr 78px; gap:8px; font-size:12.5px; } .bar i { font-size:10px; } .bar i b { letter-spacing:-.03em; }
}
@media print {
  :root { color-scheme:light; --bg:#fff; --fg:#000; --soft:#444; --line:#bbb; --card:#fff; --good:#00684d; --bad:#a33c00; --link:#000;
    --wash-good:#fff; --wash-bad:#fff; --track:#eee; --hatch:repeating-linear-gradient(135deg,#ccc 0 3px,#eee 3px 6px); }
  body { font-size:11px; } main { max-width:none; padding:0; } nav { display:none; } table { font-size:8.5px; } th, td { padding:2px 4px; }
  .cards { grid-template-columns:repeat(4,1fr); } .card b { font-size:17px; } .bar, .card, tr, details { break-inside:avoid; } h2 { break-after:avoid; }
  .bar i, .legend i, .verdict { print-color-adjust:exact; -webkit-print-color-adjust:exact; }
}
)css";

}  // namespace eyrie
