#include "dataflows/traffic.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include "dataflows/nest_pieces.hpp"

namespace eyrie {

namespace {

using enum Dim;
constexpr std::array kReduced{C, R, S};
constexpr std::array kKept{G, N, M, P, Q};
constexpr int kInnermost = std::numeric_limits<int>::max();

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

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
Groups groups_of(Operand t, const LayerNest& l, const PiecesOf& whole, const CutsOf& cuts, bool times = false) {
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
  Counter(const Mapping& m, const LayerNest& l, const Architecture& a) : l_{l}, a_{a}, nest_{m, l, a} {}

  Traffic count_all() {
    for (Operand t : kAllOperands)
      if (t != Operand::Weight || l_.has_weights()) tiles(t);
    passes();
    outputs();
    for (Operand t : {Operand::Input, Operand::Weight}) {
      if (t == Operand::Weight && !l_.has_weights()) continue;
      const auto cuts = nest_.above_spad(t);
      traffic_.delivered[at(t)] = loads(groups_of(t, l_, nest_.pes, cuts));
      traffic_.sent[at(t)] = sends_to_each(a_, t) ? traffic_.delivered[at(t)] : loads(stream_groups(t, cuts));
    }
    if (nest_.hands_on()) traffic_.handed_on = traffic_.delivered[0] - traffic_.sent[0];
    return traffic_;
  }

 private:
  /// DRAM to buffer and back.
  void tiles(Operand t) {
    traffic_.passes_by[at(t)] = nest_.passes_by(t);
    const auto cuts = nest_.above_tile(t);
    const auto words = loads(groups_of(t, l_, nest_.layer, cuts));
    const auto moves = loads(groups_of(t, l_, nest_.layer, cuts, true));
    if (t == Operand::Output) {
      const auto once = l_.tile_words(t, l_.extent).count();
      const auto distinct = product_up_to(groups_of(t, l_, nest_.layer, cuts, true).relevant, kInnermost);
      traffic_.drained = words;
      traffic_.drained_tiles = moves;
      traffic_.tile_words[at(t)] = words - once;
      traffic_.tile_moves[at(t)] = moves - distinct;
      traffic_.bias_tiles = distinct;
      traffic_.bias_words = l_.extent[G] * l_.extent[M];
      for (Dim d : {N, P, Q}) traffic_.bias_words *= count(cut(nest_.layer[at(d)], cuts[at(d)]));
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
      traffic_.passes *= count(nest_.passes[at(d)]);
      traffic_.pe_passes *= count(nest_.pes[at(d)]);
      longest *= total(nest_.largest[at(d)]);
    }
    std::int64_t leaving = 1;
    for (Dim d : kKept) leaving *= total(nest_.largest[at(d)]);
    for (Dim d : kReduced) leaving *= count(nest_.passes[at(d)]);
    // In lockstep an incoming psum is what a sum starts from, and takes no slot of its own.
    const bool lockstep = a_.array.control == Control::Lockstep;
    traffic_.longest_pe = longest + (lockstep ? 0 : leaving);
    if (!lockstep) return;
    traffic_.column_steps = l_.tile_words(Operand::Output, l_.extent).count();
    for (Dim d : kReduced) traffic_.column_steps *= total(nest_.largest[at(d)]);
  }

  /// Every pass reads (unless they start there), sums up its chains and writes each of its outputs once.
  void outputs() {
    const auto once = l_.tile_words(Operand::Output, l_.extent).count();
    std::int64_t passes = 1, pes = 1;
    for (Dim d : kReduced) {
      passes *= count(nest_.passes[at(d)]);
      pes *= count(nest_.pes[at(d)]);
      traffic_.chain *= std::ssize(nest_.parts(d, nest_.passes[at(d)].front().extent));
    }
    traffic_.collected = once * passes;
    traffic_.sent[2] = traffic_.delivered[2] =
        once * (a_.partition(Operand::Output)->initial_psums ? passes : passes - 1);
    traffic_.joins = once * pes;
    traffic_.hops = once * (pes - passes);
  }

  /// Groups of the words that leave the buffer: what several PEs want in the same batch is sent once.
  Groups stream_groups(Operand t, const CutsOf& cuts) const {
    Groups g;
    for (Dim d : kAllDims) {
      if (!is_relevant(d, t)) {
        g.irrelevant.emplace_back(nest_.largest[at(d)], cuts[at(d)]);
      } else if (t == Operand::Input && is_window(d)) {
        if (d == P)
          g.relevant.push_back(window_sent(nest_.side(P, cuts), nest_.side(R, cuts), l_.stride.rows, l_.dilation.rows));
        if (d == Q)
          g.relevant.push_back(
              window_sent(nest_.side(Q, cuts), nest_.side(S, cuts), l_.stride.columns, l_.dilation.columns));
      } else {
        g.relevant.push_back(histogram(cut(nest_.pes[at(d)], cuts[at(d)])));
      }
    }
    return g;
  }

  const LayerNest& l_;
  const Architecture& a_;
  NestPieces nest_;
  Traffic traffic_;
};

}  // namespace

bool sends_to_each(const Architecture& a, Operand t) {
  return a.network(NocRole::Deliver, t)->wiring() == NocKind::Unicast;
}

Traffic traffic(const Mapping& m, const LayerNest& l, const Architecture& a) { return Counter{m, l, a}.count_all(); }

}  // namespace eyrie
