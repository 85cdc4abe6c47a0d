#include "sim/line_set.hpp"

#include <algorithm>

namespace eyrie::sim {

using enum Dim;

LineSet::LineSet(const Box& b, Dim out, Dim tap, std::int64_t stride, std::int64_t dilation)
    : first_{b.offset[out] * stride + b.offset[tap] * dilation} {
  touched_.resize(static_cast<std::size_t>((b.extent[out] - 1) * stride + (b.extent[tap] - 1) * dilation + 1));
  for (std::int64_t o = 0; o < b.extent[out]; ++o)
    for (std::int64_t k = 0; k < b.extent[tap]; ++k) touched_[static_cast<std::size_t>(o * stride + k * dilation)] = 1;
}

LineSet LineSet::rows(const Box& b, const LayerNest& l) { return {b, P, R, l.stride.rows, l.dilation.rows}; }

LineSet LineSet::columns(const Box& b, const LayerNest& l) { return {b, Q, S, l.stride.columns, l.dilation.columns}; }

std::int64_t LineSet::count() const { return std::ranges::count(touched_, 1); }

std::vector<LineRun> LineSet::runs() const {
  std::vector<LineRun> all;
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    if (touched_[i] == 0) continue;
    const auto line = first_ + static_cast<std::int64_t>(i);
    if (all.empty() || all.back().to != line) all.push_back({line, line});
    ++all.back().to;
  }
  return all;
}

LineSet LineSet::without(const LineSet& other) const {
  LineSet rest = *this;
  for (std::size_t i = 0; i < touched_.size(); ++i)
    if (other.contains(first_ + static_cast<std::int64_t>(i))) rest.touched_[i] = 0;
  return rest;
}

Words new_words(const LayerNest& l, const Box& tile, const Box& before) {
  const LineSet rows = LineSet::rows(tile, l), columns = LineSet::columns(tile, l);
  const auto shared = [](const LineSet& now, const LineSet& then) { return now.count() - now.without(then).count(); };
  const auto all = rows.count() * columns.count();
  const auto both = shared(rows, LineSet::rows(before, l)) * shared(columns, LineSet::columns(before, l));
  return Words{l.tile_words(Operand::Input, tile.extent).count() / all * (all - both)};
}

}  // namespace eyrie::sim
