#include "dataflows/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "dataflows/explain_flows.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/nest_pieces.hpp"

namespace eyrie {

std::int64_t Product::words() const {
  std::int64_t all = 1;
  for (const auto& f : factors) all *= f.value;
  return all;
}

double ArrayUse::utilization() const {
  return static_cast<double>(macs) / (static_cast<double>(slots) * static_cast<double>(pes));
}

namespace {

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

std::string with_unit(std::int64_t n, std::string_view unit) {
  return fmt::format("{} {}{}", grouped(n), unit, n == 1 ? "" : "s");
}

/// What a keep holds: words and, in a buffer, banks.
std::string kept(const Mapping& m, const LayerNest& l, const Architecture& a, std::size_t i) {
  std::string text;
  for (Operand t : m.nest[i].tensors) {
    const auto words = kept_words(m, l, i, t).count();
    if (words == 0) continue;
    if (m.nest[i].tensors.size() > 1) text += fmt::format("{}{} ", text.empty() ? "" : "; ", name_of(t));
    text += with_unit(words, "word");
    if (*m.nest[i].keep == a.buffer(t)->name) text += ", " + with_unit(banks_taken(m, l, a, t), "bank");
  }
  return text;
}

}  // namespace

std::vector<NestLine> nest_lines(const Mapping& m, const LayerNest& l, const Architecture& a) {
  std::vector<NestLine> lines;
  std::istringstream text(pretty(m, l));
  std::string line;
  for (std::size_t i = 0; std::getline(text, line); ++i)
    lines.push_back({line, m.nest[i].keep && i > 0 ? kept(m, l, a, i) : std::string()});
  return lines;
}

namespace {

bool used(const LayerNest& l, Operand t) { return t != Operand::Weight || l.has_weights(); }

std::vector<MemoryUse> memories(const Mapping& m, const LayerNest& l, const Architecture& a) {
  std::vector<MemoryUse> all;
  for (const auto& b : a.buffers)
    for (const auto& p : b.partitions) {
      MemoryUse use{.memory = b.name + " " + p.name, .taken = 0, .of = p.banks, .unit = "banks", .detail = {}};
      for (Operand t : p.tensors) {
        if (!used(l, t)) continue;
        const auto banks = banks_taken(m, l, a, t);
        use.taken += banks;
        use.detail += fmt::format("{}{} {}", use.detail.empty() ? "" : ", ", name_of(t),
                                  banks == 0 ? std::string("passes by") : grouped(banks));
      }
      if (p.double_buffered) use.detail += ", each twice";
      all.push_back(std::move(use));
    }
  for (const auto& s : a.array.spads)
    if (used(l, s.tensor))
      all.push_back({s.name, kept_words(m, l, m.position(s.name, s.tensor), s.tensor).count(), s.depth.count(), "words",
                     std::string(name_of(s.tensor))});
  return all;
}

SpreadOut spread_of(const Mapping& m, const LayerNest& l, const NestPieces& nest, Dim d) {
  SpreadOut s{.dim = d, .extent = nest.passes[at(d)].front().extent, .layer = l.extent[d]};
  std::vector<std::int64_t> outermost;
  for (std::size_t i = nest.pass; i < m.nest.size(); ++i) {
    if (m.nest[i].spatial != d || m.trips(l.extent, i) == 1) continue;
    (*m.nest[i].axis == Axis::X ? s.columns : s.rows) *= m.trips(l.extent, i);
    if (outermost.empty()) outermost = {m.nest[i].step};
  }
  for (const auto& part : parts(s.extent, outermost)) s.parts.push_back(part.extent);
  return s;
}

ArrayUse array_use(const Mapping& m, const LayerNest& l, const Architecture& a, const Traffic& w) {
  const NestPieces nest{m, l, a};
  ArrayUse use{.pes = a.pes(), .largest_pass = 1, .average = 0, .macs = w.macs, .slots = w.longest_pe, .spread = {}};
  double longest = 1;
  for (Dim d : kAllDims) {
    longest *= static_cast<double>(total(nest.largest[at(d)]));
    const auto s = spread_of(m, l, nest, d);
    use.largest_pass *= std::ssize(nest.parts(d, s.extent));
    if (s.parts.size() > 1) use.spread.push_back(s);
  }
  use.average = static_cast<double>(w.macs) / longest;
  return use;
}

/// What the cycles consist of, with the busiest unit's share of them first.
class Cycling {
 public:
  Cycling(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) : w_{w}, l_{l}, a_{a} {
    use_.parts = cycle_breakdown(w, l, a, facts);
  }

  CycleUse all() {
    units();
    link();
    limits();
    return std::move(use_);
  }

 private:
  void units() {
    const auto& p = use_.parts;
    use_.units.push_back({"PEs", p.busiest_pe, fmt::format("slots of the busiest over {} passes", grouped(w_.passes))});
    busiest_ = use_.units.front();
    for (Operand t : kAllOperands)
      if (used(l_, t)) network(*a_.network(NocRole::Deliver, t), w_.sent[at(t)], p.least.network[at(t)]);
    network(*a_.network(NocRole::Collect, Operand::Output), w_.collected, p.collecting);
    std::ranges::stable_sort(use_.units, std::ranges::greater{}, &UnitCycles::cycles);
  }

  void network(const Noc& noc, std::int64_t words, double cycles) {
    if (words == 0) return;
    const auto detail = fmt::format("{} words, {:.3g} a cycle", grouped(words), static_cast<double>(words) / cycles);
    use_.units.push_back({noc.name, cycles, detail + (noc.ahead ? ", ahead of passes" : "")});
    if (!noc.ahead && cycles > busiest_.cycles) busiest_ = use_.units.back();
  }

  void link() {
    const auto& p = use_.parts;
    for (Operand t : kAllOperands)
      if (used(l_, t))
        use_.link.push_back(
            {fmt::format("{} {}", a_.dram.name, name_of(t)), p.moving[at(t)],
             fmt::format("expected, with latencies; at least {}; the array waits {}",
                         number(std::max(p.least.link[at(t)], t == Operand::Input ? p.least.requests : 0)),
                         number(p.waits[at(t)]))});
  }

  static std::string number(double cycles) { return grouped(static_cast<std::int64_t>(cycles)); }

  std::string link_alone() const { return fmt::format("{}'s link, all tensors", a_.dram.name); }

  /// What the bound is the largest of.
  std::string bound_limit(const std::string& array) const {
    const auto& least = use_.parts.least;
    const double waits = w_.passes_by[2] ? 0 : least.link[2];
    const auto psums = waits > 0 ? fmt::format(" + psums and outputs on the link {}", number(waits)) : "";
    if (use_.parts.bound <= least.array + waits) return array + psums;
    for (Operand t : {Operand::Input, Operand::Weight}) {
      const auto& noc = *a_.network(NocRole::Deliver, t);
      if (use_.parts.bound <= least.network[at(t)]) return fmt::format("{} {}", noc.name, number(least.network[at(t)]));
      const double beside = noc.ahead ? 0 : waits;
      if (!a_.partition(t)->double_buffered && !w_.passes_by[at(t)] &&
          use_.parts.bound <= least.network[at(t)] + least.link[at(t)] + beside)
        return fmt::format("{}, one at a time: network {} + link {}{}", name_of(t), number(least.network[at(t)]),
                           number(least.link[at(t)]), beside > 0 ? psums : "");
    }
    if (use_.parts.bound <= least.requests)
      return fmt::format("{}, requests for pixels of {} channels", a_.dram.name, grouped(w_.input_run));
    return link_alone();
  }

  void limits() {
    const auto& p = use_.parts;
    const auto array = fmt::format("{} {} + ramps {}", busiest_.unit, number(busiest_.cycles), number(p.ramps));
    use_.bound_limit = bound_limit(array);
    use_.estimate_limit = array;
    if (p.chains > 0) use_.estimate_limit += fmt::format(" + chains {}", number(p.chains));
    for (Operand t : {Operand::Output, Operand::Input, Operand::Weight})
      if (p.waits[at(t)] > 0) use_.estimate_limit += fmt::format(" + {} {}", name_of(t), number(p.waits[at(t)]));
    if (p.moving[0] + p.moving[1] + p.moving[2] >= p.estimate) use_.estimate_limit = link_alone();
    if (std::floor(p.bound) >= p.estimate) use_.estimate_limit = "the bound";
  }

  const Traffic& w_;
  const LayerNest& l_;
  const Architecture& a_;
  CycleUse use_;
  UnitCycles busiest_;  ///< of the units that work within passes
};

}  // namespace

Explanation explain(const Mapping& m, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  const auto w = traffic(m, l, a);
  return {.nest = nest_lines(m, l, a),
          .memories = memories(m, l, a),
          .array = array_use(m, l, a, w),
          .flows = explain_flows(m, l, a, facts.biases),
          .cycles = Cycling{w, l, a, facts}.all()};
}

}  // namespace eyrie
