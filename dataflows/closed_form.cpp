#include "dataflows/closed_form.hpp"

#include <algorithm>
#include <cmath>

#include "dataflows/action_counter.hpp"
#include "dataflows/cycle_bound.hpp"

namespace eyrie {

ZeroSlots zero_slots(const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  if (!l.has_weights()) return {};
  const Mac& mac = a.array.mac;
  const bool skips_inputs = mac.skips(Operand::Input), skips_weights = mac.skips(Operand::Weight);
  const auto inputs = facts.gated_macs, weights = facts.zero_weight_macs, both = facts.zero_both_macs;
  ZeroSlots z;
  z.skipped = (skips_inputs ? inputs : 0) + (skips_weights ? weights : 0) - (skips_inputs && skips_weights ? both : 0);
  if (mac.zero_gating && !skips_inputs) z.gated = inputs - (skips_weights ? both : 0);
  if (mac.weight_gating && !skips_weights) z.gated_by_weight = weights - (skips_inputs || mac.zero_gating ? both : 0);
  z.gated += z.gated_by_weight;
  return z;
}

namespace {

using enum Operand;

std::size_t at(Operand t) { return static_cast<std::size_t>(t); }
double d(std::int64_t n) { return static_cast<double>(n); }

double link_bytes(const Architecture& a) { return a.bytes_a_core_cycle(); }

/// Words a cycle of the buffer's port towards DRAM: at best of either way for psums, which come and go.
WordsPerCycle port_rate(const Architecture& a, Operand t) {
  return t == Output ? std::max(a.read_rate(t), a.write_rate(t)) : a.write_rate(t);
}

/// The least that a coded filter word takes on the link, whatever the filters: all zero, with a codebook of two.
double least_filter_bytes(const Architecture& a) {
  const auto& code = *a.dram.compression;
  const auto value = code.codebook ? 1 : a.words.weight.count();
  const double longest = d((std::int64_t{1} << code.csc.pointer.count()) - 1);
  switch (code.filters) {
    case FilterCode::RunLength: {
      const auto pairs =
          code.codebook ? std::max(code.pairs, (code.word - Bits{1}) / (code.run + Bits{value})) : code.pairs;
      return d(code.word.count()) / 8 / d(pairs) / d(std::int64_t{1} << code.run.count());
    }
    case FilterCode::Csc:
      return d(code.csc.pointer.count()) / 8 / longest;
    case FilterCode::Plain:
      break;
  }
  return d(value) / 8;
}

/// Core cycles that a word takes of DRAM's link, of the coder and of the buffer's port, whichever is slowest.
double link_cycles(const Architecture& a, Operand t, const DataFacts& facts, bool finished, bool at_least) {
  const Bits width = finished ? a.words.output : a.width(t);
  const double bytes = d(width.count()) / 8;
  // Words that pass by the buffer meet neither its port nor the coder; where they may, only the link is certain.
  const bool may_pass = a.partition(t)->bypass && t != Output;
  const double at_port = may_pass ? 0.0 : 1.0 / d(port_rate(a, t).count());
  const bool codes = travels_coded(a, t, facts) && (t != Output || finished);
  if (!codes) return std::max(bytes / link_bytes(a), at_port);
  const auto& code = *a.dram.compression;
  const double least = t == Weight ? least_filter_bytes(a)
                                   : d(code.word.count()) / 8 / d(code.pairs) / d(std::int64_t{1} << code.run.count());
  const double share = t == Input ? facts.coded_input : t == Weight ? facts.coded_weight : facts.coded_output;
  const double sent = at_least ? least : bytes * share;
  return std::max({sent / link_bytes(a), may_pass ? 0.0 : 1.0 / d(code.rate.count()), at_port});
}

/// Core cycles of the array over all passes: its busiest unit's, and what no unit can avoid in a pass.
double array_cycles(const Traffic& w, const CycleRates& rates, double busiest_pe) {
  double most = busiest_pe;
  for (Operand t : kAllOperands) most = std::max(most, d(w.sent[at(t)]) * rates.in_passes[at(t)]);
  return std::max(most, d(w.collected) * rates.collected) + d(w.passes) * rates.ramp;
}

/// Link cycles by tensor. A layer without weights has no words of them. `drained` counts psums that come back, too.
std::array<double, 3> link_time(const Traffic& w, const CycleRates& rates) {
  const auto words = [&](Operand t) { return d(w.passes_by[at(t)] ? w.sent[at(t)] : w.tile_words[at(t)]); };
  return {words(Input) * rates.link[0], words(Weight) * rates.link[1],
          2 * d(w.tile_words[2]) * rates.link[2] + d(w.drained - w.tile_words[2]) * rates.link_finished};
}

/// Of asking for ifmap tiles: each pixel's channels, as many as a tile has, are a request.
double request_time(const Traffic& w, const CycleRates& rates) {
  return w.input_run > 0 ? d(w.tile_words[0]) / d(w.input_run) * rates.request : 0;
}

/// What a pass takes besides its units' work: the first word's way in, the last psum's way out, a wave's way through.
double ramp(const Architecture& a) {
  const auto& collect = *a.network(NocRole::Collect, Output);
  const auto& deliver = *a.network(NocRole::Deliver, Input);
  const auto in = deliver.ahead ? Cycles{} : deliver.latency;  // a first word may be there before its pass
  const auto in_and_out = in + a.array.mac.pipeline + collect.latency;
  if (a.array.control == Control::Autonomous)
    return d(in_and_out.count() - 1 + a.network(NocRole::Forward, Output)->latency.count());
  const auto& l = a.array.lockstep;
  if (l.overlap) return 0;
  const auto skew = (a.array.rows - 1) * l.row_skew + (a.array.columns - 1) * l.column_skew;
  return d(in_and_out.count() - 1 + (l.fold == Fold::Whole ? skew : 0));
}

/// May a tensor's next tile move while the array works on this one?
bool buffered(const Architecture& a, Operand t) { return a.partition(t)->double_buffered || a.partition(t)->circular; }

}  // namespace

CycleRates cycle_rates(const Architecture& a, const DataFacts& facts, bool at_least) {
  CycleRates rates;
  const auto beat = [](const Noc& noc, WordsPerCycle port) {
    return 1.0 / d(std::min(noc.width.count(), port.count()));
  };
  for (Operand t : kAllOperands) {
    const auto& noc = *a.network(NocRole::Deliver, t);
    rates.sent[at(t)] = beat(noc, a.read_rate(t));
    rates.in_passes[at(t)] = noc.ahead ? 0 : rates.sent[at(t)];
    rates.link[at(t)] = link_cycles(a, t, facts, false, at_least);
  }
  const auto& collect = *a.network(NocRole::Collect, Output);
  rates.collected = beat(collect, a.write_rate(Output));
  rates.link_finished = link_cycles(a, Output, facts, true, at_least);
  rates.ramp = ramp(a);
  rates.request = d(a.dram.request.count()) * a.core().count() / a.clock(a.dram.clock).count();
  return rates;
}

/// Of a tensor's link cycles, those in which no other tensor can move: all of them with one DMA engine; with one a
/// tensor the bytes on the link, while ports and coders work beside each other.
static double alone_on_link(const Architecture& a, Operand t) {
  if (a.dram.engines == DmaEngines::Shared) return 1;
  const auto& code = a.dram.compression;
  if (code && std::ranges::count(code->tensors, t) > 0) return 0;
  const auto words = port_rate(a, t).count();
  const auto share = [&](Bits width) {
    const double wire = d(width.count()) / 8 / link_bytes(a);
    return wire / std::max(wire, 1.0 / d(words));
  };
  return t == Output ? std::min(share(a.words.output), share(a.words.psum)) : share(a.width(t));
}

LinkRules::LinkRules(const Architecture& a) : shared{a.dram.engines == DmaEngines::Shared} {
  for (Operand t : kAllOperands) {
    alone[at(t)] = alone_on_link(a, t);
    ahead[at(t)] = a.network(NocRole::Deliver, t)->ahead;
    buffered[at(t)] = eyrie::buffered(a, t);
  }
}

double cycle_bound(const CycleParts& parts, const LinkRules& rules, std::array<bool, 3> passes_by) {
  const double waits = passes_by[2] || rules.buffered[2] ? 0 : parts.link[2];
  double bound = parts.array + waits, link = 0;
  std::array<double, 3> engine = parts.link;
  engine[0] = std::max(engine[0], parts.requests);
  for (Operand t : kAllOperands) {
    link += (rules.shared ? engine : parts.link)[at(t)] * rules.alone[at(t)];
    bound = std::max({bound, engine[at(t)], parts.network[at(t)]});
  }
  bound = std::max(bound, link);
  for (Operand t : {Input, Weight}) {
    if (rules.buffered[at(t)] || passes_by[at(t)]) continue;
    const double beside = rules.ahead[at(t)] ? 0 : waits;  // words that are sent ahead are so also while psums move
    bound = std::max(bound,
                     parts.network[at(t)] + (rules.shared ? engine[at(t)] + beside : std::max(engine[at(t)], beside)));
  }
  return bound;
}

double cycle_bound(const CycleParts& parts, const Architecture& a, std::array<bool, 3> passes_by) {
  return cycle_bound(parts, LinkRules{a}, passes_by);
}

static CycleParts parts_of(const Traffic& w, const CycleRates& rates, double busiest_pe) {
  CycleParts parts{.array = array_cycles(w, rates, busiest_pe),
                   .network = {},
                   .link = link_time(w, rates),
                   .requests = request_time(w, rates)};
  for (Operand t : kAllOperands) parts.network[at(t)] = d(w.sent[at(t)]) * rates.sent[at(t)];
  return parts;
}

CycleBound::CycleBound(const Architecture& a, const DataFacts& facts) : rates_{cycle_rates(a, facts)}, rules_{a} {}

Cycles CycleBound::of(const Traffic& w) const {
  return Cycles{static_cast<std::int64_t>(cycle_bound(parts_of(w, rates_, d(w.longest_pe)), rules_, w.passes_by))};
}

namespace {

/// Expected cycles in which the array waits for tiles of a tensor that is not double-buffered: what their moves take
/// beyond the ends of passes, in which PEs work on words that they hold already.
double exposed(const Traffic& w, const Architecture& a, Operand t, double moving, double array) {
  if (buffered(a, t) || w.passes_by[at(t)] || w.tile_moves[at(t)] == 0) return 0;
  const double pass = array / d(w.passes), words = d(w.delivered[at(t)]) / d(w.pe_passes);
  const double held = d((a.spad(t)->depth + a.network(NocRole::Deliver, t)->fifo).count());
  return std::max(0.0, moving - d(w.tile_moves[at(t)]) * pass * std::min(1.0, held / words));
}

/// Expected cycles of filling registers before the first step of passes that don't overlap: of tensors whose words stay
/// for many steps.
double preloads(const Traffic& w, const Architecture& a, const CycleRates& rates) {
  if (a.array.lockstep.overlap) return 0;
  double most = 0;
  for (Operand t : {Input, Weight})
    if (w.delivered[at(t)] < w.macs / 2)
      most = std::max(most, d(w.sent[at(t)]) * rates.sent[at(t)] *
                                std::min(1.0, d(a.spad(t)->depth.count() * w.pe_passes) / d(w.delivered[at(t)])));
  return most;
}

}  // namespace

namespace {

/// Issue slots of the busiest PE of each pass where MACs are skipped. Which PEs skip them is in the data alone: none
/// takes less than if all skipped alike, and that is also what is expected of the busiest one's MACs.
struct SkippedSlots {
  double least, likely;
};
SkippedSlots skipped_slots(const Traffic& w, const Architecture& a, std::int64_t skipped) {
  const double longest = d(w.longest_pe);
  if (skipped == 0) return {longest, longest};
  const double done = d(w.macs - skipped);
  const double joins = std::min(longest, d(w.joins) * d(w.passes) / d(std::max<std::int64_t>(1, w.pe_passes)));
  return {.least = (done + d(w.joins)) / d(a.pes()), .likely = joins + (longest - joins) * done / d(w.macs)};
}

}  // namespace

CycleBreakdown cycle_breakdown(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  CycleBreakdown c;
  const auto slots = skipped_slots(w, a, zero_slots(l, a, facts).skipped);
  const auto rates = cycle_rates(a, facts);
  c.least = parts_of(w, rates, slots.least);
  c.likely = parts_of(w, cycle_rates(a, facts, false), slots.likely);
  c.busiest_pe = slots.likely;
  c.collecting = d(w.collected) * rates.collected;
  c.ramps = d(w.passes) * rates.ramp;
  const double hop = d(a.array.mac.pipeline.count() - 1 + a.network(NocRole::Forward, Output)->latency.count());
  const bool lockstep = a.array.control == Control::Lockstep;
  c.chains = lockstep ? preloads(w, a, rates) : d(w.passes * (w.chain - 1)) * hop;

  const double latency = d(a.core_cycles(a.dram.latency, a.dram.clock).count());
  const auto tiles = w.drained_tiles + w.tile_moves[2] + (facts.biases ? w.bias_tiles : 0);
  for (Operand t : {Input, Weight}) {
    const double data = std::max(c.likely.link[at(t)], t == Input ? c.likely.requests : 0.0);
    c.moving[at(t)] = data + latency * d(w.tile_moves[at(t)]);
    c.waits[at(t)] = exposed(w, a, t, c.moving[at(t)], c.likely.array);
  }
  c.moving[2] = w.passes_by[2] ? 0 : c.likely.link[2] + latency * d(tiles);
  c.waits[2] = buffered(a, Output) ? 0 : c.moving[2];

  c.bound = cycle_bound(c.least, a, w.passes_by);
  c.estimate = std::max({c.likely.array + c.chains + c.waits[2] + c.waits[0] + c.waits[1],
                         c.moving[0] + c.moving[1] + c.moving[2], std::floor(c.bound)});
  return c;
}

CycleModel cycle_model(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  const auto c = cycle_breakdown(w, l, a, facts);
  return {.bound = Cycles{static_cast<std::int64_t>(c.bound)},
          .estimate = Cycles{static_cast<std::int64_t>(c.estimate)}};
}

}  // namespace eyrie
