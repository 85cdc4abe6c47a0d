#include "dataflows/simple_choice.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "dataflows/legality.hpp"

namespace eyrie {

namespace {

using enum Dim;

double d(std::int64_t n) { return static_cast<double>(n); }

/// 1, the powers of two and the even cuts of `most`: the values worth trying for a tile of it.
std::vector<std::int64_t> tiles(std::int64_t most) {
  std::set<std::int64_t> all{1, most};
  for (std::int64_t n = 2; n < most; n *= 2) all.insert(n);
  for (std::int64_t parts = 2; parts <= 16 && parts <= most; ++parts) all.insert(ceil_div(most, parts));
  return {all.begin(), all.end()};
}

std::vector<std::int64_t> up_to(std::int64_t most) {
  std::vector<std::int64_t> all;
  for (std::int64_t n = 1; n <= most; ++n) all.push_back(n);
  return all;
}

/// Candidates whose PE tiles fit the spads and whose sets fit the array.
std::vector<RowStationary> candidates(const LayerNest& l, const Architecture& a) {
  const auto& x = l.extent;
  const bool by_group = x[M] == 1 && x[G] > 1;
  const auto room = [&](Operand t) { return a.spad(t)->depth.count(); };
  std::vector<RowStationary> all;
  for (auto e : tiles(x[P])) {
    const auto bands = ceil_div(e, a.array.columns);
    const auto beside = a.array.columns / std::min(e, a.array.columns);
    const auto stack = a.array.rows / (x[R] * bands);
    for (auto q : up_to(std::min(x[C], std::max<std::int64_t>(1, room(Operand::Input) / x[S]))))
      for (auto p :
           tiles(std::min({x[M], room(Operand::Output), room(Operand::Weight) / std::max<std::int64_t>(1, q * x[S])})))
        for (auto r : up_to(std::min(stack, ceil_div(x[C], q))))
          for (auto t : up_to(std::min(stack / r * beside, ceil_div(by_group ? x[G] : x[M], by_group ? 1 : p))))
            for (auto n : tiles(x[N]))
              for (std::int64_t m = p * t; m < 2 * x[M]; m *= 2)
                all.push_back({.m = std::min(m, x[M]), .n = n, .e = e, .p = p, .q = q, .r = r, .t = t});
  }
  return all;
}

}  // namespace

double estimated_cycles(const RowStationary& k, const LayerNest& l, const Architecture& a) {
  const auto& x = l.extent;
  const bool by_group = x[M] == 1 && x[G] > 1;
  const auto filters = by_group ? 1 : k.p * k.t;
  const auto sets = by_group ? k.t : 1;
  const auto width = [&](NocRole role, Operand t) { return d(a.network(role, t)->width.count()); };

  const double passes = d(ceil_div(x[G], sets)) * d(ceil_div(x[P], k.e)) * d(ceil_div(x[N], k.n)) *
                        d(ceil_div(x[M], filters)) * d(ceil_div(x[C], k.q * k.r));
  const double windows = d(k.n) * d(x[Q]);
  const double rows = d((k.e - 1) * l.stride.rows + (x[R] - 1) * l.dilation.rows + 1);
  const double issue = d(k.p) * windows * d(k.q * x[S] + 1);
  const double psums = d(filters * sets * k.e) * windows / width(NocRole::Collect, Operand::Output);
  const double ifmap =
      d(k.n * k.q * k.r * sets) * rows * d(l.padded_columns()) / width(NocRole::Deliver, Operand::Input);
  const double filter = d(filters * k.q * k.r * x[R] * x[S]) / width(NocRole::Deliver, Operand::Weight);

  const double word = d(a.words.input.count()) / 8;
  const double cycle_bytes = a.dram.bandwidth.count() * a.clock(a.dram.clock).count() / a.core().count();
  const double strips = d(ceil_div(x[P], k.e));
  const double filter_dram =
      l.has_weights() ? d(x[G] * x[M] * x[C] * x[R] * x[S]) * strips * d(ceil_div(x[N], k.n)) : 0;
  const double fmap_dram = d(x[G] * x[N] * x[C]) * strips * rows * d(l.padded_columns()) * d(ceil_div(x[M], k.m)) +
                           d(x[G] * x[N] * x[M] * x[P] * x[Q]);
  // A pass starts with a trip through the networks and ends with the drain of a chain; a tile costs DRAM's latency each
  // way.
  const double ramp = d(a.array.mac.pipeline.count()) * d(x[R] * k.r) + d(l.padded_columns());
  const double tiles = d(ceil_div(x[G], sets)) * strips * d(ceil_div(x[N], k.n)) * d(ceil_div(x[M], k.m)) *
                       (d(ceil_div(x[C], k.q * k.r)) + 1);
  const double latency = tiles * d(a.core_cycles(a.dram.latency, a.dram.clock).count());
  // Filters of the next pass come while this one computes, but only once its own have left the buffer.
  const double filter_fill =
      filter_dram / passes * word / cycle_bytes + d(a.core_cycles(a.dram.latency, a.dram.clock).count());
  const double work = std::max({issue, psums, ifmap}) + ramp;
  const double pass = l.has_weights() ? filter + std::max(work, filter_fill) : work;
  return passes * pass + fmap_dram * word / cycle_bytes + latency;
}

std::optional<RowStationary> simple_choice(const LayerNest& l, const Architecture& a, Diagnostics& why) {
  struct Ranked {
    double cycles;
    RowStationary k;
    auto operator<=>(const Ranked&) const = default;
  };
  std::vector<Ranked> ranked;
  for (const auto& k : candidates(l, a)) ranked.push_back({estimated_cycles(k, l, a), k});
  std::ranges::sort(ranked);
  for (const auto& c : ranked)
    if (is_legal(row_stationary(c.k, l, a), l, a)) return c.k;
  const RowStationary least{};
  legality(row_stationary(ranked.empty() ? least : ranked.front().k, l, a), l, a, {}, why);
  return std::nullopt;
}

}  // namespace eyrie
