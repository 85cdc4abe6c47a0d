#include "mapper/options.hpp"

#include <algorithm>

namespace eyrie {

DimOption dim_option(std::int64_t extent, std::int64_t pe, std::int64_t columns, std::int64_t rows) {
  DimOption o{.pe = pe, .columns = columns, .rows = rows};
  o.pass = std::min(extent, pe * columns * rows);
  o.passes = ceil_div(extent, o.pass);
  const auto last = extent - (o.passes - 1) * o.pass;
  const auto parts = [&](std::int64_t pass) {  // rows take pe x columns each; a remainder fills the last row first
    std::int64_t n = 0;
    for (auto left = pass; left > 0; left -= pe * columns) n += ceil_div(std::min(left, pe * columns), pe);
    return n;
  };
  o.parts = (o.passes - 1) * parts(o.pass) + parts(last);
  o.busiest = (o.passes - 1) * std::min(pe, o.pass) + std::min(pe, last);
  o.gap = ceil_div(last, pe * columns) != ceil_div(o.pass, pe * columns);
  return o;
}

namespace {

/// Extents of a PE's part worth trying when `spread` of them stand in the array.
std::vector<std::int64_t> pe_extents(std::int64_t extent, std::int64_t spread, Space space) {
  std::vector<std::int64_t> all;
  for (std::int64_t pe = 1; pe <= ceil_div(extent, spread); ++pe) {
    const bool divides = extent % (pe * spread) == 0;
    const bool smallest = pe == 1 || ceil_div(extent, pe * spread) < ceil_div(extent, (pe - 1) * spread);
    if (space == Space::Every || (space == Space::Perfect && divides) || (space == Space::Ragged && smallest))
      all.push_back(pe);
  }
  return all;
}

}  // namespace

std::vector<DimOption> dim_options(Dim d, const LayerNest& l, const Architecture& a, const Dataflow& flow,
                                   Space space) {
  const auto extent = l.extent[d];
  std::vector<DimOption> all;
  if (flow.allows(flow.whole_in_pe, d)) return {dim_option(extent, extent, 1, 1)};
  if (flow.allows(flow.whole_on_y, d)) {
    if (extent <= a.array.rows) all.push_back(dim_option(extent, 1, 1, extent));
    return all;
  }
  const bool spreads_x = flow.allows(flow.x, d) && is_relevant(d, Operand::Output);
  const bool tree = a.network(NocRole::Forward, Operand::Output)->kind == NocKind::AdderTree;
  const bool spreads_y = flow.allows_y(l, d) && !(tree && is_relevant(d, Operand::Output));
  const auto columns = spreads_x ? std::min(a.array.columns, extent) : 1;
  const auto rows = spreads_y ? std::min(a.array.rows, extent) : 1;
  const bool fills = flow.allows(flow.fill, d);
  for (std::int64_t x = fills && spreads_x ? columns : 1; x <= columns; ++x)
    for (std::int64_t y = fills && !spreads_x ? rows : 1; y <= rows && x * (y - 1) < extent; ++y)
      for (auto pe : flow.allows(flow.pe, d) ? pe_extents(extent, x * y, space) : std::vector<std::int64_t>{1}) {
        const auto o = dim_option(extent, pe, x, y);
        const bool all_rows = ceil_div(o.pass, pe * x) == y, all_columns = o.pass > pe * (x - 1);
        if (space == Space::Perfect && extent % (pe * x * y) != 0) continue;
        if (all_rows && all_columns) all.push_back(o);
      }
  std::ranges::stable_sort(all, {}, &DimOption::passes);
  return all;
}

}  // namespace eyrie
