#include "dataflows/wires.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/ensure.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/takers.hpp"

namespace eyrie {

namespace {

std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

/// To or from a PE, and the port's own pitch.
std::int64_t distance(const PePart& pe) { return 1 + pe.row + pe.column; }

std::int64_t macs(const PePart& pe) { return pe.extent.product(); }

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
      : m_{m}, l_{l}, a_{a}, w_{w}, takers_{m, l, a}, rows_{a.array.rows}, columns_{a.array.columns} {}

  Wires all() {
    Wires wires;
    for (Operand t : {Operand::Input, Operand::Weight})
      if (t != Operand::Weight || l_.has_weights()) delivered(t, wires);
    wires.deliver[2] = psums_in();
    wires.collect = psums_out();
    wires.forward = tree() ? products() : w_.hops;
    return wires;
  }

 private:
  NocKind kind(NocRole role, Operand t) const { return a_.network(role, t)->wiring(); }
  static bool all_wires(NocKind k) { return k == NocKind::Bus || k == NocKind::Broadcast; }
  std::int64_t whole() const { return rows_ + rows_ * columns_; }
  bool tree() const { return kind(NocRole::Forward, Operand::Output) == NocKind::AdderTree; }

  void delivered(Operand t, Wires& wires) const {
    const auto k = kind(NocRole::Deliver, t);
    const bool on = t == Operand::Input && k != NocKind::Unicast && hands_on(m_, l_, a_);
    auto& length = wires.deliver[at(t)];
    if (all_wires(k)) length = w_.sent[at(t)] * whole();
    if (all_wires(k) && !on) return;
    const Axis axis = systolic_axis(m_, l_, t);
    std::int64_t arrivals = 0;
    for (const auto& shape : takers_.shapes()) {
      const auto pes = takers_.pes(shape.extent);
      takers_.for_each_word(t, pes, shape.extent, [&](const std::vector<std::int32_t>& to) {
        if (on) {
          const auto rows = in_rows(pes, to);
          wires.links += shape.count * between(pes, rows);
          if (!all_wires(k)) length += shape.count * for_takers(k, axis, pes, {rows.begin()->second.first});
        } else {
          length += shape.count * for_takers(k, axis, pes, to);
        }
        arrivals += shape.count * std::ssize(to);
      });
    }
    ensure(arrivals == w_.delivered[at(t)], "sets of takers hold the words that arrive");
  }

  /// The first and the last taker of each row.
  using Rows = std::map<std::int64_t, std::pair<std::int32_t, std::int32_t>>;
  static Rows in_rows(const std::vector<PePart>& pes, const std::vector<std::int32_t>& to) {
    Rows rows;
    const auto column = [&](std::int32_t i) { return pes[static_cast<std::size_t>(i)].column; };
    for (auto i : to) {
      auto& [first, last] = rows.try_emplace(pes[static_cast<std::size_t>(i)].row, i, i).first->second;
      if (column(i) < column(first)) first = i;
      if (column(i) > column(last)) last = i;
    }
    return rows;
  }

  /// Among PEs that hand a word on: along each row with takers, and from the first of a row to the first of the next.
  static std::int64_t between(const std::vector<PePart>& pes, const Rows& rows) {
    const auto pe = [&](std::int32_t i) -> const PePart& { return pes[static_cast<std::size_t>(i)]; };
    std::int64_t length = 0;
    const PePart* above = nullptr;
    for (const auto& [row, ends] : rows) {
      const PePart& first = pe(ends.first);
      length += pe(ends.second).column - first.column;
      if (above) length += row - above->row + std::abs(first.column - above->column);
      above = &first;
    }
    return length;
  }

  /// Pitches that one word charges on its way to these PEs. The XY tree has a trunk along row 0 as far as the last
  /// column with a taker, and in each column with takers a branch down to the last of them.
  std::int64_t for_takers(NocKind k, Axis axis, const std::vector<PePart>& pes,
                          const std::vector<std::int32_t>& to) const {
    const auto pe = [&](std::int32_t i) -> const PePart& { return pes[static_cast<std::size_t>(i)]; };
    std::int64_t length = 0;
    if (k == NocKind::Unicast) {
      for (auto i : to) length += distance(pe(i));
      return length;
    }
    if (k == NocKind::Systolic) return along_lines(axis, pes, to);
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

  /// From the edge to the last taker of each row or column.
  static std::int64_t along_lines(Axis axis, const std::vector<PePart>& pes, const std::vector<std::int32_t>& to) {
    std::map<std::int64_t, std::int64_t> length;
    for (auto i : to) {
      const auto& pe = pes[static_cast<std::size_t>(i)];
      auto& line = axis == Axis::X ? length[pe.row] : length[pe.column];
      line = std::max(line, 1 + (axis == Axis::X ? pe.column : pe.row));
    }
    std::int64_t all = 0;
    for (const auto& [line, pitches] : length) all += pitches;
    return all;
  }

  /// Into the lowest PE of each chain (the highest, where a tree sums), in passes that read psums. Systolic ones come
  /// in below the last row.
  std::int64_t psums_in() const {
    const auto k = kind(NocRole::Deliver, Operand::Output);
    if (all_wires(k)) return w_.sent[2] * whole();
    if (k == NocKind::Multicast) return w_.sent[2] * (rows_ + columns_);
    const bool always = a_.partition(Operand::Output)->initial_psums;
    std::int64_t length = 0;
    for (const auto& shape : takers_.shapes())
      for (const auto& pe : takers_.pes(shape.extent))
        if (tree() ? pe.first_of_sum : pe.last_of_sum)
          length += (shape.count - (always ? 0 : shape.starting)) * psums(pe) *
                    (k == NocKind::Systolic ? rows_ - pe.row : distance(pe));
    return length;
  }

  /// Out of the highest PE of each chain.
  std::int64_t psums_out() const {
    const auto k = kind(NocRole::Collect, Operand::Output);
    if (all_wires(k)) return w_.collected * whole();
    std::int64_t length = 0;
    for (const auto& shape : takers_.shapes())
      for (const auto& pe : takers_.pes(shape.extent))
        if (pe.first_of_sum) length += shape.count * psums(pe) * (k == NocKind::Systolic ? 1 + pe.row : distance(pe));
    return length;
  }

  /// To the adder trees at the top of the columns.
  std::int64_t products() const {
    std::int64_t length = 0;
    for (const auto& shape : takers_.shapes())
      for (const auto& pe : takers_.pes(shape.extent)) length += shape.count * macs(pe) * (1 + pe.row);
    return length;
  }

  const Mapping& m_;
  const LayerNest& l_;
  const Architecture& a_;
  const Traffic& w_;
  Takers takers_;
  std::int64_t rows_, columns_;
};

}  // namespace

Axis systolic_axis(const Mapping& m, const LayerNest& l, Operand t) {
  for (std::size_t i = 0; i < m.nest.size(); ++i) {
    const auto& e = m.nest[i];
    if (e.spatial && e.axis == Axis::X && m.trips(l.extent, i) > 1 && is_relevant(*e.spatial, t)) return Axis::Y;
  }
  return Axis::X;
}

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
  if (a.network(NocRole::Forward, Operand::Input)) add(NocRole::Forward, Operand::Input, lengths.links);
  return counts;
}

}  // namespace eyrie
