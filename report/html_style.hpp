#pragma once

// Internal to report: the look of report.html. Colours are Okabe and Ito's palette (2008), which stays apart for
// colour-blind readers.

namespace eyrie {

inline constexpr const char* kStyle = R"css(
:root { --bg:#fcfcfa; --fg:#1d2126; --soft:#5c6570; --line:#dcdfe3; --card:#ffffff; --good:#00684d; --bad:#a33c00; --link:#00568b; }
@media (prefers-color-scheme: dark) { :root { --bg:#15181c; --fg:#e6e8ea; --soft:#9aa4ae; --line:#2e343b; --card:#1c2025; --good:#43c59e; --bad:#ff9d66; --link:#7cc4f5; } }
* { box-sizing: border-box; }
body { margin:0; background:var(--bg); color:var(--fg); font:15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width:1160px; margin:0 auto; padding:32px 20px 64px; }
h1 { font-size:24px; line-height:1.25; margin:0 0 4px; letter-spacing:-.01em; }
h2 { font-size:18px; margin:44px 0 6px; }
p { margin:4px 0 12px; max-width:78ch; }
.soft { color:var(--soft); }
.cards { display:grid; grid-template-columns:repeat(auto-fit, minmax(165px, 1fr)); gap:12px; margin:22px 0 8px; }
.card { background:var(--card); border:1px solid var(--line); border-radius:8px; padding:12px 14px; }
.card b { display:block; font-size:23px; line-height:1.2; font-variant-numeric:tabular-nums; }
.card b small { font-size:13px; font-weight:500; color:var(--soft); }
.card .what { font-size:13px; color:var(--soft); }
.card .origin { font-size:12px; color:var(--soft); border-top:1px solid var(--line); margin-top:8px; padding-top:6px; }
.good { color:var(--good); } .bad { color:var(--bad); }
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; font-size:13px; font-variant-numeric:tabular-nums; }
th, td { padding:5px 7px; text-align:right; border-bottom:1px solid var(--line); white-space:nowrap; }
th { font-weight:600; color:var(--soft); vertical-align:bottom; }
th:first-child, td:first-child, .text { text-align:left; }
td.text.wide { white-space:normal; min-width:260px; }
tfoot td { font-weight:600; border-bottom:0; }
.bars { margin:10px 0 6px; }
.bar { display:grid; grid-template-columns:84px 1fr 96px; gap:10px; align-items:center; margin:5px 0; font-size:13.5px; }
.bar .track { display:flex; height:20px; border-radius:4px; overflow:hidden; background:var(--line); }
.bar .track i { display:block; height:100%; min-width:0; }
.bar .value { text-align:right; white-space:nowrap; font-variant-numeric:tabular-nums; color:var(--soft); }
.legend { display:flex; flex-wrap:wrap; gap:4px 16px; font-size:13px; margin:8px 0 14px; padding:0; list-style:none; }
.legend i { display:inline-block; width:12px; height:12px; border-radius:3px; margin-right:6px; vertical-align:-1px; }
details { border:1px solid var(--line); border-radius:8px; padding:6px 12px; margin:8px 0; background:var(--card); }
summary { cursor:pointer; }
pre { overflow-x:auto; font:12.5px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; margin:8px 0; }
.mark { border:1px solid currentColor; border-radius:4px; padding:0 5px; font-size:12px; }
@media (max-width:560px) { .bar { grid-template-columns:58px 1fr 70px; gap:6px; } main { padding:20px 12px 48px; } h1 { font-size:21px; } }
@media print { body { background:#fff; } main { max-width:none; padding:0; } details { break-inside:avoid; } .bar .track i { print-color-adjust:exact; -webkit-print-color-adjust:exact; } }
)css";

/// A colour for the n-th of a legend.
inline constexpr const char* kColours[] = {"#0072b2", "#56b4e9", "#009e73", "#f0e442", "#e69f00", "#d55e00", "#cc79a7",
                                           "#8a8f98", "#7a4fb5", "#2a9d9d", "#8c4a12", "#d3d7dc", "#3d4450"};

}  // namespace eyrie
