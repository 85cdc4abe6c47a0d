#include "dataflows/explain_flows.hpp"

#include <fmt/format.h>

#include "dataflows/flow_sum.hpp"
#include "dataflows/traffic.hpp"

namespace eyrie {

namespace {

using enum Dim;
constexpr std::array kReduced{C, R, S};
std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

class Flows {
 public:
  Flows(const Mapping& m, const LayerNest& l, const Architecture& a, bool biases)
      : m_{m}, l_{l}, a_{a}, biases_{biases}, nest_{m, l, a} {}

  std::vector<FlowRow> all() {
    for (Operand t : {Operand::Input, Operand::Weight}) {
      if (t == Operand::Weight && !l_.has_weights()) continue;
      if (!nest_.passes_by(t)) add(Boundary::Fill, t, dram(), buffer(t), tiles(t));
      add(Boundary::Sent, t, home(t), network(NocRole::Deliver, t), sent(t));
      add(Boundary::Delivered, t, network(NocRole::Deliver, t), kPes, delivered(t));
    }
    outputs();
    return std::move(rows_);
  }

 private:
  static constexpr const char* kPes = "PEs";
  std::string dram() const { return a_.dram.name; }
  std::string buffer(Operand t) const { return a_.buffer(t)->name; }
  std::string home(Operand t) const { return nest_.passes_by(t) ? dram() : buffer(t); }
  std::string network(NocRole role, Operand t) const { return a_.network(role, t)->name; }

  void add(Boundary b, Operand t, std::string from, std::string to, std::vector<Product> sum) {
    const bool psums = t == Operand::Output && b != Boundary::Drained;
    FlowRow row{.boundary = b,
                .tensor = t,
                .what = b == Boundary::Bias ? "bias"
                        : psums             ? "psum"
                                            : std::string(name_of(t)),
                .from = std::move(from),
                .to = std::move(to),
                .sum = std::move(sum)};
    for (const auto& p : row.sum) row.words += p.less ? -p.words() : p.words();
    if (row.words != 0) rows_.push_back(std::move(row));
  }

  /// The dimensions of `t` in these pieces.
  std::vector<FlowSide> sides(Operand t, const PiecesOf& whole, const CutsOf& cuts) const {
    std::vector<FlowSide> all;
    const auto pieces = [&](Dim d) { return cut(whole[at(d)], cuts[at(d)]); };
    for (Dim d : kAllDims) {
      if (!is_relevant(d, t)) continue;
      if (t != Operand::Input || !is_window(d)) all.push_back(plain_side(d, pieces(d)));
    }
    if (t != Operand::Input) return all;
    all.push_back(window_side(true, pieces(P), pieces(R), l_.stride.rows, l_.dilation.rows));
    all.push_back(window_side(false, pieces(Q), pieces(S), l_.stride.columns, l_.dilation.columns));
    return all;
  }

  static Factor times(std::string label, std::int64_t value, std::string detail) {
    return {.label = std::move(label), .value = value, .detail = std::move(detail), .counts = true};
  }

  std::vector<Product> tiles(Operand t) const {
    const auto cuts = nest_.above_tile(t);
    std::vector<FlowRepeat> repeats;
    for (Dim d : kAllDims)
      if (!is_relevant(d, t))
        repeats.push_back([this, d, loops = cuts[at(d)]](int position) {
          const auto seen = outside(loops, position);
          return std::vector{
              times("times", count(cut(nest_.layer[at(d)], seen)), by_steps(d, l_.extent[d], steps_of(seen)))};
        });
    return flow_sum(sides(t, nest_.layer, cuts), repeats);
  }

  std::vector<std::int64_t> pass_steps(Dim d) const {
    std::vector<std::int64_t> steps;
    for (std::size_t i = 0; i < nest_.pass; ++i)
      if (m_.nest[i].temporal == d && m_.trips(l_.extent, i) > 1) steps.push_back(m_.nest[i].step);
    return steps;
  }

  Factor passes(Dim d) const {
    return times("passes", count(nest_.passes[at(d)]), by_steps(d, l_.extent[d], pass_steps(d)));
  }

  /// Passes x PEs x times in a PE, or one number where remainders make it no product.
  std::vector<Factor> repeated(Dim d, const Pieces& whole, const std::vector<Cut>& loops, bool each_pe) const {
    const auto all = count(cut(whole, loops));
    const auto extent = nest_.passes[at(d)].front().extent;
    const auto parts = nest_.parts(d, extent);
    const auto part = parts.front().extent;
    const auto in_pe = count(cut({{.extent = part}}, loops));
    const auto pes = each_pe ? std::ssize(parts) : 1;
    if (all == passes(d).value * pes * in_pe)
      return {passes(d), times("PEs", pes, by_steps(d, extent, nest_.spread[at(d)])),
              times("times in a PE", in_pe, by_steps(d, part, steps_of(loops)))};
    auto steps = pass_steps(d);
    if (pes > 1) steps.insert(steps.end(), nest_.spread[at(d)].begin(), nest_.spread[at(d)].end());
    const auto inner = steps_of(loops);
    steps.insert(steps.end(), inner.begin(), inner.end());
    const auto* label = !each_pe        ? "times in all passes"
                        : loops.empty() ? "PEs of all passes"
                                        : "times in all passes' PEs";
    return {times(label, all, by_steps(d, l_.extent[d], steps))};
  }

  std::vector<FlowRepeat> repeats(Operand t, const PiecesOf& whole, const CutsOf& cuts, bool each_pe) const {
    std::vector<FlowRepeat> all;
    for (Dim d : kAllDims)
      if (!is_relevant(d, t))
        all.push_back([this, d, each_pe, pieces = whole[at(d)], loops = cuts[at(d)]](int position) {
          return repeated(d, pieces, outside(loops, position), each_pe);
        });
    return all;
  }

  std::vector<Product> delivered(Operand t) const {
    const auto cuts = nest_.above_spad(t);
    return flow_sum(sides(t, nest_.pes, cuts), repeats(t, nest_.pes, cuts, true));
  }

  std::vector<Product> sent(Operand t) const {
    if (sends_to_each(a_, t)) return delivered(t);
    const auto cuts = nest_.above_spad(t);
    auto groups = sides(t, nest_.pes, cuts);
    if (t == Operand::Input) {
      groups.resize(groups.size() - 2);
      groups.push_back(sent_side(true, nest_.side(P, cuts), nest_.side(R, cuts), l_.stride.rows, l_.dilation.rows));
      groups.push_back(
          sent_side(false, nest_.side(Q, cuts), nest_.side(S, cuts), l_.stride.columns, l_.dilation.columns));
    }
    return flow_sum(groups, repeats(t, nest_.largest, cuts, false));
  }

  void outputs() {
    const auto t = Operand::Output;
    const bool past = nest_.passes_by(t);
    if (biases_ && l_.has_weights()) add(Boundary::Bias, t, dram(), past ? kPes : buffer(t), biases());
    const auto drained = tiles(t);
    if (!past) add(Boundary::Fill, t, dram(), buffer(t), but_the_first(drained));
    const auto starting = a_.partition(t)->initial_psums ? psums() : but_the_first(psums());
    add(Boundary::Sent, t, home(t), network(NocRole::Deliver, t), starting);
    add(Boundary::Delivered, t, network(NocRole::Deliver, t), kPes, starting);
    add(Boundary::Hops, t, "PE", "PE above", hops());
    add(Boundary::Collected, t, kPes, network(NocRole::Collect, t), psums());
    add(Boundary::Drained, t, past ? network(NocRole::Collect, t) : buffer(t), dram(), drained);
  }

  /// The layer's outputs once, and what comes on top.
  Product once() const {
    Product p;
    for (Dim d : {G, N, M, P, Q})
      if (l_.extent[d] > 1) p.factors.push_back({.label = std::string(name_of(d)), .value = l_.extent[d]});
    return p;
  }

  std::vector<Product> psums() const {
    Product p = once();
    for (Dim d : kReduced)
      if (auto f = passes(d); f.value > 1) p.factors.push_back(std::move(f));
    return {p};
  }

  /// A sum of psums without those that start: one round less, if the sum is rounds of all outputs.
  std::vector<Product> but_the_first(std::vector<Product> sum) const {
    const auto finished = once().words();
    if (sum.size() == 1 && sum[0].words() % finished == 0) {
      Factor rounds = times("times", sum[0].words() / finished, "");
      for (const auto& f : sum[0].factors)
        if (f.counts) rounds.detail += (rounds.detail.empty() ? "" : ", ") + f.detail;
      --rounds.value;
      rounds.detail += ", but the first";
      auto less = once();
      if (rounds.value == 1) rounds.label = "time";
      less.factors.push_back(rounds);
      return {less};
    }
    sum.push_back(once());
    sum.back().less = true;
    return sum;
  }

  std::vector<Product> hops() const {
    std::int64_t all = 1, passes_of_all = 1, chain = 1;
    std::string detail;
    for (Dim d : kReduced) {
      const auto extent = nest_.passes[at(d)].front().extent;
      const auto parts = std::ssize(nest_.parts(d, extent));
      all *= count(nest_.pes[at(d)]);
      passes_of_all *= count(nest_.passes[at(d)]);
      chain *= parts;
      if (parts > 1)
        detail += fmt::format("{}{}", detail.empty() ? "" : ", ", by_steps(d, extent, nest_.spread[at(d)]));
    }
    if (chain == 1) return {};
    Product p = all == passes_of_all * chain ? psums().front() : once();
    const bool even = all == passes_of_all * chain;
    const auto value = even ? chain - 1 : all - passes_of_all;
    if (value != 1) p.factors.push_back(times(even ? "hops" : "hops of all passes", value, detail));
    return {p};
  }

  std::vector<Product> biases() const {
    const auto cuts = nest_.above_tile(Operand::Output);
    Product p;
    for (Dim d : {G, M})
      if (l_.extent[d] > 1) p.factors.push_back({.label = std::string(name_of(d)), .value = l_.extent[d]});
    for (Dim d : {N, P, Q})
      if (const auto tiles = count(cut(nest_.layer[at(d)], cuts[at(d)])); tiles > 1)
        p.factors.push_back(times("tiles", tiles, by_steps(d, l_.extent[d], steps_of(cuts[at(d)]))));
    return {p};
  }

  const Mapping& m_;
  const LayerNest& l_;
  const Architecture& a_;
  bool biases_;
  NestPieces nest_;
  std::vector<FlowRow> rows_;
};

}  // namespace

std::vector<FlowRow> explain_flows(const Mapping& m, const LayerNest& l, const Architecture& a, bool biases) {
  return Flows{m, l, a, biases}.all();
}

}  // namespace eyrie
