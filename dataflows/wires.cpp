#include "dataflows/wires.hpp"

#include <algorithm>
#include <map>

#include "base/ensure.hpp"
#include "dataflows/takers.hpp"

namespace eyrie {

namespace {

std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

/// To or from a PE, and the port's own pitch.
std::int64_t distance(const PePart& pe) { return 1 + pe.row + pe.column; }

/// Psums of a PE's part.
std::int64_t psums(const PePart& pe) {
  std::int64_t words = 1;
  for (Dim d : kAllDims)
    if (is_relevant(d, Operand::Output)) words *= pe.extent[d];
  return words;
}

class Lengths {
 public:
  Lengths(const Mapping& m, const LayerNest& l, const Architecture& a, const Traffic& w)
      : l_{l}, a_{a}, w_{w}, takers_{m, l, a}, rows_{a.array.rows}, columns_{a.array.columns} {}

  Wires all() {
    Wires wires;
    for (Operand t : {Operand::Input, Operand::Weight})
      if (t != Operand::Weight || l_.has_weights()) wires.deliver[at(t)] = delivered(t);
    wires.deliver[2] = psums_in();
    wires.collect = psums_out();
    wires.forward = w_.hops;
    return wires;
  }

 private:
  NocKind kind(NocRole role, Operand t) const { return a_.network(role, t)->wiring(); }
  static bool all_wires(NocKind k) { return k == NocKind::Bus || k == NocKind::Broadcast; }
  std::int64_t whole() const { return rows_ + rows_ * columns_; }

  std::int64_t delivered(Operand t) const {
    const auto k = kind(NocRole::Deliver, t);
    if (all_wires(k)) return w_.sent[at(t)] * whole();
    std::int64_t length = 0, arrivals = 0;
    for (const auto& shape : takers_.shapes()) {
      const auto pes = takers_.pes(shape.extent);
      takers_.for_each_word(t, pes, shape.extent, [&](const std::vector<std::int32_t>& to) {
        length += shape.count * for_takers(k, pes, to);
        arrivals += shape.count * std::ssize(to);
      });
    }
    ensure(arrivals == w_.delivered[at(t)], "sets of takers hold the words that arrive");
    return length;
  }

  /// Pitches that one word charges on its way to these PEs. The XY tree has a trunk along row 0 as far as the last
  /// column with a taker, and in each column with takers a branch down to the last of them.
  std::int64_t for_takers(NocKind k, const std::vector<PePart>& pes, const std::vector<std::int32_t>& to) const {
    const auto pe = [&](std::int32_t i) -> const PePart& { return pes[static_cast<std::size_t>(i)]; };
    std::int64_t length = 0;
    if (k == NocKind::Unicast) {
      for (auto i : to) length += distance(pe(i));
      return length;
    }
    const bool mesh = k == NocKind::Mesh;
    std::map<std::int64_t, std::int64_t> furthest;  // row by column; for X buses, of which only rows matter, by row
    for (auto i : to) {
      auto& row = furthest[mesh ? pe(i).column : pe(i).row];
      row = std::max(row, pe(i).row);
    }
    if (!mesh) return rows_ + std::ssize(furthest) * columns_;
    length = 1 + furthest.rbegin()->first;
    for (const auto& [column, row] : furthest) length += row;
    return length;
  }

  /// Into the lowest PE of each chain, in passes that read psums.
  std::int64_t psums_in() const {
    const auto k = kind(NocRole::Deliver, Operand::Output);
    if (all_wires(k)) return w_.sent[2] * whole();
    if (k == NocKind::Multicast) return w_.sent[2] * (rows_ + columns_);
    const bool always = a_.partition(Operand::Output)->initial_psums;
    std::int64_t length = 0;
    for (const auto& shape : takers_.shapes())
      for (const auto& pe : takers_.pes(shape.extent))
        if (pe.last_of_sum) length += (shape.count - (always ? 0 : shape.starting)) * psums(pe) * distance(pe);
    return length;
  }

  /// Out of the highest PE of each chain.
  std::int64_t psums_out() const {
    if (all_wires(kind(NocRole::Collect, Operand::Output))) return w_.collected * whole();
    std::int64_t length = 0;
    for (const auto& shape : takers_.shapes())
      for (const auto& pe : takers_.pes(shape.extent))
        if (pe.first_of_sum) length += shape.count * psums(pe) * distance(pe);
    return length;
  }

  const LayerNest& l_;
  const Architecture& a_;
  const Traffic& w_;
  Takers takers_;
  std::int64_t rows_, columns_;
};

}  // namespace

Wires wires(const Mapping& m, const LayerNest& l, const Architecture& a, const Traffic& w) {
  return Lengths{m, l, a, w}.all();
}

ActionCounts wire_counts(const Mapping& m, const LayerNest& l, const Architecture& a, const Traffic& w) {
  ActionCounts counts;
  if (!a.array.pitch) return counts;
  const auto lengths = wires(m, l, a, w);
  const auto add = [&](NocRole role, Operand t, std::int64_t words) {
    counts.add(a.network(role, t)->name, t, Action::Wire, Words{words}, bytes_of(Words{words}, a.width(t)));
  };
  for (Operand t : kAllOperands) add(NocRole::Deliver, t, lengths.deliver[at(t)]);
  add(NocRole::Collect, Operand::Output, lengths.collect);
  add(NocRole::Forward, Operand::Output, lengths.forward);
  return counts;
}

}  // namespace eyrie
