#include "dataflows/traffic.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "dataflows/pieces.hpp"
#include "dataflows/window.hpp"

namespace eyrie {

namespace {

using enum Dim;
using PiecesOf = std::array<Pieces, kDims>;
constexpr std::array kReduced{C, R, S};
constexpr std::array kKept{G, N, M, P, Q};

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
std::size_t at(Operand t) { return static_cast<std::size_t>(t); }
bool is_window(Dim d) { return d == P || d == Q || d == R || d == S; }

/// The loops over each dimension between two places of the nest that a keep of `t` sees.
std::array<std::vector<Cut>, kDims> loops_above(const Mapping& m, const LayerNest& l, std::size_t from, std::size_t to,
                                                Operand t) {
  std::array<std::vector<Cut>, kDims> cuts;
  Cut* innermost = nullptr;
  Dim its_dim = G;
  for (std::size_t i = from; i < to; ++i) {
    const auto& e = m.nest[i];
    if (!e.temporal || m.trips(l.extent, i) == 1) continue;
    auto& of_dim = cuts[at(*e.temporal)];
    of_dim.reserve(to - from);  // `innermost` stays valid
    of_dim.push_back({static_cast<int>(i), e.step, false});
    if (!is_relevant(*e.temporal, t)) continue;
    innermost = &of_dim.back();
    its_dim = *e.temporal;
  }
  if (innermost && t == Operand::Input && is_window(its_dim)) innermost->slides = true;
  return cuts;
}

/// The dimensions of a tensor as independent groups, each with its words by position.
struct Groups {
  std::vector<Histogram> relevant;
  std::vector<std::pair<Pieces, std::vector<Cut>>> irrelevant;  ///< what the loops cut, and the loops
};

std::int64_t product_up_to(const std::vector<Histogram>& groups, int position) {
  std::int64_t words = 1;
  for (const auto& h : groups) words *= h.up_to(position);
  return words;
}

std::int64_t product_before(const std::vector<std::pair<Pieces, std::vector<Cut>>>& groups, int position) {
  std::int64_t pieces = 1;
  for (const auto& [whole, loops] : groups) {
    const auto inside = std::ranges::find_if(loops, [&](const Cut& c) { return c.position >= position; });
    pieces *= count(cut(whole, {loops.begin(), inside}));
  }
  return pieces;
}

/// The sum at the head of traffic.hpp.
std::int64_t loads(const Groups& g) {
  std::set<int> positions;
  for (const auto& h : g.relevant)
    for (const auto& [position, words] : h.bins()) positions.insert(position);
  std::int64_t all = 0, before = 0;
  for (int position : positions) {
    const auto up_to = product_up_to(g.relevant, position);
    all += (up_to - before) * product_before(g.irrelevant, position);
    before = up_to;
  }
  return all;
}

/// Groups of a tensor whose dimensions are cut by `cuts` out of `whole`; its window, if any, made of the pieces.
Groups groups_of(Operand t, const LayerNest& l, const PiecesOf& whole, const std::array<std::vector<Cut>, kDims>& cuts,
                 bool times = false) {
  Groups g;
  const auto pieces = [&](Dim d) { return cut(whole[at(d)], cuts[at(d)]); };
  for (Dim d : kAllDims) {
    if (!is_relevant(d, t)) {
      g.irrelevant.emplace_back(whole[at(d)], cuts[at(d)]);
    } else if (t == Operand::Input && is_window(d)) {
      if (d == P) g.relevant.push_back(window_histogram(pieces(P), pieces(R), l.stride.rows, l.dilation.rows, times));
      if (d == Q)
        g.relevant.push_back(window_histogram(pieces(Q), pieces(S), l.stride.columns, l.dilation.columns, times));
    } else {
      g.relevant.push_back(histogram(pieces(d), times));
    }
  }
  return g;
}

class Counter {
 public:
  Counter(const Mapping& m, const LayerNest& l, const Architecture& a) : m_{m}, l_{l}, a_{a} {
    pass_ = m.pass_position();
    for (Dim d : kAllDims) {
      layer_[at(d)] = {Piece{.extent = l.extent[d]}};
      std::vector<Cut> above;
      for (std::size_t i = 0; i < pass_; ++i)
        if (m.nest[i].temporal == d) above.push_back({static_cast<int>(i), m.nest[i].step, false});
      for (const auto& p : cut(layer_[at(d)], above))
        eyrie::add(passes_[at(d)], {.extent = p.extent, .count = p.count});
      for (std::size_t i = pass_; i < m.nest.size(); ++i)
        if (m.nest[i].spatial == d) spread_[at(d)].push_back(m.nest[i].step);
      for (const auto& p : passes_[at(d)]) spread(d, p);
    }
  }

  Traffic count_all() {
    for (Operand t : kAllOperands)
      if (t != Operand::Weight || l_.has_weights()) tiles(t);
    passes();
    outputs();
    for (Operand t : {Operand::Input, Operand::Weight}) {
      if (t == Operand::Weight && !l_.has_weights()) continue;
      const auto cuts = pe_loops(t);
      traffic_.delivered[at(t)] = loads(groups_of(t, l_, pes_, cuts));
      traffic_.sent[at(t)] = loads(stream_groups(t, cuts));
    }
    return traffic_;
  }

 private:
  std::vector<Part> parts(Dim d, std::int64_t extent) const { return eyrie::parts(extent, spread_[at(d)]); }

  void spread(Dim d, const Piece& pass) {
    const auto all = parts(d, pass.extent);
    for (const auto& part : all) eyrie::add(pes_[at(d)], {.extent = part.extent, .count = pass.count});
    eyrie::add(largest_[at(d)], {.extent = all.front().extent, .count = pass.count});
  }

  std::array<std::vector<Cut>, kDims> pe_loops(Operand t) const {
    return loops_above(m_, l_, pass_, m_.position(a_.spad(t)->name, t), t);
  }

  /// DRAM to buffer and back.
  void tiles(Operand t) {
    const auto keep = m_.position(a_.buffer(t)->name, t);
    traffic_.passes_by[at(t)] = keep == m_.nest.size();
    const auto above = traffic_.passes_by[at(t)] ? pass_ : keep;
    const auto cuts = loops_above(m_, l_, 0, above, t);
    const auto words = loads(groups_of(t, l_, layer_, cuts));
    const auto moves = loads(groups_of(t, l_, layer_, cuts, true));
    if (t == Operand::Output) {
      const auto once = l_.tile_words(t, l_.extent).count();
      const auto distinct =
          product_up_to(groups_of(t, l_, layer_, cuts, true).relevant, static_cast<int>(m_.nest.size()));
      traffic_.drained = words;
      traffic_.drained_tiles = moves;
      traffic_.tile_words[at(t)] = words - once;
      traffic_.tile_moves[at(t)] = moves - distinct;
      traffic_.bias_tiles = distinct;
      traffic_.bias_words = l_.extent[G] * l_.extent[M];
      for (Dim d : {N, P, Q}) traffic_.bias_words *= count(cut(layer_[at(d)], cuts[at(d)]));
    } else if (!traffic_.passes_by[at(t)]) {
      traffic_.tile_words[at(t)] = words;
      traffic_.tile_moves[at(t)] = moves;
    }
  }

  void passes() {
    traffic_.passes = traffic_.pe_passes = 1;
    traffic_.macs = l_.macs().count();
    std::int64_t longest = 1;
    for (Dim d : kAllDims) {
      traffic_.passes *= count(passes_[at(d)]);
      traffic_.pe_passes *= count(pes_[at(d)]);
      longest *= total(largest_[at(d)]);
    }
    std::int64_t leaving = 1;
    for (Dim d : kKept) leaving *= total(largest_[at(d)]);
    for (Dim d : kReduced) leaving *= count(passes_[at(d)]);
    traffic_.longest_pe = longest + leaving;
  }

  /// Every pass reads (unless they start there), sums up its chains and writes each of its outputs once.
  void outputs() {
    const auto once = l_.tile_words(Operand::Output, l_.extent).count();
    std::int64_t passes = 1, pes = 1;
    for (Dim d : kReduced) {
      passes *= count(passes_[at(d)]);
      pes *= count(pes_[at(d)]);
      traffic_.chain *= std::ssize(parts(d, passes_[at(d)].front().extent));
    }
    traffic_.collected = once * passes;
    traffic_.sent[2] = traffic_.delivered[2] =
        once * (a_.partition(Operand::Output)->initial_psums ? passes : passes - 1);
    traffic_.joins = once * pes;
    traffic_.hops = once * (pes - passes);
  }

  WindowSide side(Dim d, const std::array<std::vector<Cut>, kDims>& cuts) const {
    return {passes_[at(d)], spread_[at(d)], cuts[at(d)]};
  }

  /// Groups of the words that leave the buffer: what several PEs want in the same batch is sent once.
  Groups stream_groups(Operand t, const std::array<std::vector<Cut>, kDims>& cuts) const {
    Groups g;
    for (Dim d : kAllDims) {
      if (!is_relevant(d, t)) {
        g.irrelevant.emplace_back(largest_[at(d)], cuts[at(d)]);
      } else if (t == Operand::Input && is_window(d)) {
        if (d == P) g.relevant.push_back(window_sent(side(P, cuts), side(R, cuts), l_.stride.rows, l_.dilation.rows));
        if (d == Q)
          g.relevant.push_back(window_sent(side(Q, cuts), side(S, cuts), l_.stride.columns, l_.dilation.columns));
      } else {
        g.relevant.push_back(histogram(cut(pes_[at(d)], cuts[at(d)])));
      }
    }
    return g;
  }

  const Mapping& m_;
  const LayerNest& l_;
  const Architecture& a_;
  std::size_t pass_ = 0;
  std::array<std::vector<std::int64_t>, kDims> spread_;  ///< steps of the spatial loops
  PiecesOf layer_;                                       ///< the whole layer
  PiecesOf passes_;                                      ///< of all passes
  PiecesOf pes_;                                         ///< of all PEs in all passes
  PiecesOf largest_;                                     ///< of the largest PE in each pass
  Traffic traffic_;
};

}  // namespace

Traffic traffic(const Mapping& m, const LayerNest& l, const Architecture& a) { return Counter{m, l, a}.count_all(); }

}  // namespace eyrie
