#include "mapper/pass_cost.hpp"

#include <algorithm>
#include <cmath>

#include "dataflows/traffic.hpp"
#include "dataflows/window.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
std::size_t at(Operand t) { return static_cast<std::size_t>(t); }
double d(std::int64_t n) { return static_cast<double>(n); }

/// The tensor to which a dimension is irrelevant; 3 for G.
std::size_t group_of(Dim dim) {
  for (Operand t : kAllOperands)
    if (!is_relevant(dim, t)) return at(t);
  return 3;
}

}  // namespace

PassCost::PassCost(const LayerNest& l, const Architecture& a, const DataFacts& facts, const Pricing& pricing,
                   std::array<bool, 3> passes_by, const DimOptions& options, const std::vector<Dim>& order)
    : l_{l},
      a_{a},
      passes_by_{passes_by},
      prices_{word_prices(pricing, l, a, facts, passes_by)},
      rates_{cycle_rates(a, facts)},
      rules_{a},
      to_each_{sends_to_each(a, Input), sends_to_each(a, Weight)},
      first_{a.partition(Output)->initial_psums ? 0.0 : 1.0},
      order_{order},
      least_{least_words(l, passes_by)} {
  inputs_ = d(l.extent[G] * l.extent[N] * l.extent[C]);
  weights_ = l.has_weights() ? d(l.tile_words(Weight, l.extent).count()) : 0;
  outputs_ = d(l.tile_words(Output, l.extent).count());
  lines_ = d(touched(l.extent[P], l.extent[R], l.stride.rows, l.dilation.rows) *
             touched(l.extent[Q], l.extent[S], l.stride.columns, l.dilation.columns));
  macs_ = d(l.macs().count());
  for (std::size_t i = order.size(); i-- > 0;) {
    const Dim dim = order[i];
    const auto& all = options[at(dim)];
    const auto least = [&](std::int64_t DimOption::*what) {
      return d((*std::ranges::min_element(all, {}, what)).*what);
    };
    Partial rest = rest_[i + 1];
    if (const auto g = group_of(dim); g < 3) {
      rest.group[g].passes *= least(&DimOption::passes);
      rest.group[g].parts *= least(&DimOption::parts);
    }
    rest.passes *= least(&DimOption::passes);
    rest.busiest *= least(&DimOption::busiest);
    (is_relevant(dim, Output) ? rest.leaving : rest.reduced) *= least(&DimOption::busiest);
    rest_[i] = rest;
  }
}

PassCost::Partial PassCost::with(const Partial& before, const DimOption& o) const {
  Partial p = before;
  const Dim dim = order_[p.chosen++];
  p.option[at(dim)] = &o;
  p.columns *= o.columns;
  p.rows *= o.rows;
  if (const auto g = group_of(dim); g < 3) {
    p.group[g].passes *= d(o.passes);
    p.group[g].parts *= d(o.parts);
  }
  p.passes *= d(o.passes);
  p.busiest *= d(o.busiest);
  (is_relevant(dim, Output) ? p.leaving : p.reduced) *= d(o.busiest);
  return p;
}

/// The formulas of traffic.hpp for nests in which a PE gets every word once a pass.
ArrayCost PassCost::array_of(const Partial& p, double sent_lines, double delivered_lines) const {
  const auto& [input, weight, output] = p.group;
  const double delivered_input = inputs_ * input.parts * delivered_lines, delivered_weight = weights_ * weight.parts;
  const double sent_input = to_each_[0] ? delivered_input : inputs_ * input.passes * sent_lines;
  const double sent_weight = to_each_[1] ? delivered_weight : weights_ * weight.passes;
  const double sent_output = outputs_ * (output.passes - first_), collected = outputs_ * output.passes;
  const double joins = outputs_ * output.parts;
  ArrayCost cost;
  cost.energy = prices_.base + prices_.sent[0] * sent_input + prices_.delivered[0] * delivered_input +
                prices_.sent[1] * sent_weight + prices_.delivered[1] * delivered_weight +
                (prices_.sent[2] + prices_.delivered[2]) * sent_output + prices_.collected * collected +
                prices_.join * joins + prices_.hop * (joins - collected) + prices_.column_step * outputs_ * p.reduced;
  const double joining = a_.array.control == Control::Lockstep ? 0 : p.leaving * output.passes;
  const double slots = std::max(p.busiest, std::ceil(macs_ / d(a_.pes()))) + joining;
  cost.cycles.network = {sent_input * rates_.sent[0], sent_weight * rates_.sent[1], sent_output * rates_.sent[2]};
  cost.cycles.array = std::max({slots, sent_input * rates_.in_passes[0], sent_weight * rates_.in_passes[1],
                                sent_output * rates_.in_passes[2], collected * rates_.collected}) +
                      p.passes * rates_.ramp;
  if (passes_by_[0]) cost.cycles.link[0] = sent_input * rates_.link[0];
  if (passes_by_[1]) cost.cycles.link[1] = sent_weight * rates_.link[1];
  return cost;
}

MapCost PassCost::least(const Partial& p) const {
  Partial whole = p;
  const Partial& rest = rest_[p.chosen];
  for (std::size_t g = 0; g < 3; ++g) {
    whole.group[g].passes *= rest.group[g].passes;
    whole.group[g].parts *= rest.group[g].parts;
  }
  whole.passes *= rest.passes;
  whole.busiest *= rest.busiest;
  whole.leaving *= rest.leaving;
  whole.reduced *= rest.reduced;
  if (prices_.column_step < 0) whole.reduced = macs_ / outputs_;  // then the most cost least
  auto cost = array_of(whole, lines_, lines_);
  // How much neighbours hand on is not known yet; where that saves, all that PEs use may be.
  const double saved = a_.network(NocRole::Forward, Input) ? std::min(0.0, prices_.handed_on * macs_) : 0;
  cost.energy += saved;
  // Hops are parts less passes: if a psum's way through the buffer is cheaper than a hop, most passes cost least.
  if (prices_.collected + prices_.sent[2] + prices_.delivered[2] < prices_.hop) {
    auto& output = whole.group[at(Output)];
    output.passes = output.parts;
    cost.energy = std::min(cost.energy, array_of(whole, lines_, lines_).energy + saved);
  }
  return total(cost, least_);
}

PassCost::Lines PassCost::lines(Dim out, Dim tap, const Partial& p, const PeNestChoice& nest) const {
  const DimOption &o = *p.option[at(out)], &t = *p.option[at(tap)];
  const auto cuts_out = nest.window_cuts(out, o.pe), cuts_tap = nest.window_cuts(tap, t.pe);
  const auto slides = nest.slide == out ? 1 : nest.slide == tap ? 2 : 0;
  std::array<std::int64_t, 14> key{
      static_cast<std::int64_t>(at(out)), slides, o.pe, o.columns, o.rows, t.pe, t.columns, t.rows};
  std::ranges::copy(cuts_out, key.begin() + 8);
  std::ranges::copy(cuts_tap, key.begin() + 11);
  const auto [it, fresh] = known_lines_.try_emplace(key);
  if (!fresh) return it->second;
  const auto side = [&](Dim dim, const DimOption& option, const std::vector<std::int64_t>& cuts) {
    WindowSide s{.passes = {}, .steps = {option.pe * option.columns, option.pe}, .loops = {}};
    for (const auto& piece : cut({{.extent = l_.extent[dim]}}, std::array{Cut{0, option.pass, false}}))
      add(s.passes, {.extent = piece.extent, .count = piece.count});
    for (std::size_t i = 0; i < cuts.size(); ++i)
      s.loops.push_back({static_cast<int>(i), cuts[i], nest.slide == dim && i + 1 == cuts.size()});
    return s;
  };
  const auto stride = out == P ? l_.stride.rows : l_.stride.columns;
  const auto dilation = out == P ? l_.dilation.rows : l_.dilation.columns;
  const auto a = side(out, o, cuts_out), b = side(tap, t, cuts_tap);
  return it->second = {window_sent(a, b, stride, dilation).up_to(3), window_delivered(a, b, stride, dilation).up_to(3)};
}

ArrayCost PassCost::array(const Partial& whole, const PeNestChoice& nest) const {
  const auto rows = lines(P, R, whole, nest), columns = lines(Q, S, whole, nest);
  const auto sent = d(rows.sent * columns.sent), delivered = d(rows.delivered * columns.delivered);
  auto cost = array_of(whole, sent, delivered);
  const DimOption& m = *whole.option[at(M)];
  if (a_.network(NocRole::Forward, Input) && m.columns * m.rows == 1)
    cost.energy +=
        prices_.handed_on * inputs_ * (whole.group[at(Input)].parts * delivered - whole.group[at(Input)].passes * sent);
  return cost;
}

MapCost PassCost::total(const ArrayCost& array, const TileWords& words) const {
  const double spilled = d(words.outputs) - outputs_;
  CycleParts parts = array.cycles;
  parts.link[0] += d(words.input) * rates_.link[0];
  if (words.run > 0) parts.requests = d(words.input) / d(words.run) * rates_.request;
  parts.link[1] += d(words.weight) * rates_.link[1];
  parts.link[2] = 2 * spilled * rates_.link[2] + outputs_ * rates_.link_finished;
  const double cycles = std::floor(cycle_bound(parts, rules_, passes_by_));
  const double energy = array.energy + prices_.tile[0] * d(words.input) + prices_.tile[1] * d(words.weight) +
                        (prices_.tile[2] + prices_.drained) * spilled + prices_.cycle * cycles;
  return {Picojoules{energy}, Cycles{static_cast<std::int64_t>(cycles)}};
}

InnerChoice PassCost::choice(const Partial& whole) {
  InnerChoice inner;
  for (std::size_t i = 0; i < kDims; ++i) inner[i] = *whole.option[i];
  return inner;
}

}  // namespace eyrie
