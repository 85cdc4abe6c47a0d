#include "sim/line_pattern.hpp"

#include <algorithm>

namespace eyrie::sim {

namespace {

/// The runs of lines 0 .. n - 1 that are `wanted`, and how many those are.
template <class Wanted>
std::int64_t runs_of(std::int64_t n, Wanted wanted, std::vector<LineRun>& runs) {
  std::int64_t count = 0;
  for (std::int64_t line = 0; line < n; ++line) {
    if (!wanted(line)) continue;
    if (runs.empty() || runs.back().to != line) runs.push_back({line, line});
    ++runs.back().to;
    ++count;
  }
  return count;
}

}  // namespace

const LinePattern& LinePatterns::of(const Box& b) {
  const auto outs = b.extent[out_], taps = b.extent[tap_];
  const auto it = std::ranges::find_if(known_, [&](const LinePattern& p) { return p.outs == outs && p.taps == taps; });
  if (it != known_.end()) return *it;
  LinePattern p{.outs = outs, .taps = taps};
  p.touched.resize(static_cast<std::size_t>((outs - 1) * stride_ + (taps - 1) * dilation_ + 1));
  for (std::int64_t o = 0; o < outs; ++o)
    for (std::int64_t k = 0; k < taps; ++k) p.touched[static_cast<std::size_t>(o * stride_ + k * dilation_)] = 1;
  p.count = runs_of(
      std::ssize(p.touched), [&](std::int64_t line) { return p.has(line); }, p.runs);
  known_.push_back(std::move(p));
  return known_.back();
}

const FreshLines& LinePatterns::fresh(const Box& now, const Box& before) {
  const LinePattern &own = of(now), &other = of(before);
  const auto later = first(now) - first(before);
  const auto it = std::ranges::find_if(
      fresh_, [&](const FreshLines& f) { return f.now == &own && f.before == &other && f.later == later; });
  if (it != fresh_.end()) return *it;
  FreshLines f{.now = &own, .before = &other, .later = later};
  f.count = runs_of(
      std::ssize(own.touched), [&](std::int64_t line) { return own.has(line) && !other.has(line + later); }, f.runs);
  fresh_.push_back(std::move(f));
  return fresh_.back();
}

}  // namespace eyrie::sim
