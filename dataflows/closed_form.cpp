#include "dataflows/closed_form.hpp"

#include <algorithm>
#include <cmath>

namespace eyrie {

namespace {

using enum Operand;

std::size_t at(Operand t) { return static_cast<std::size_t>(t); }
double d(std::int64_t n) { return static_cast<double>(n); }

bool coded(const Architecture& a, Operand t, const DataFacts& facts) {
  const auto& code = a.dram.compression;
  if (!code || std::ranges::count(code->tensors, t) == 0) return false;
  return !(t == Input && facts.reads_network_input && code->network_input_raw);
}

class Rows {
 public:
  Rows(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts)
      : w_{w}, l_{l}, a_{a}, facts_{facts} {}

  ActionCounts all() {
    for (Operand t : kAllOperands)
      if (t != Weight || l_.has_weights()) in_tiles(t);
    out_tiles();
    array();
    return std::move(counts_);
  }

 private:
  void add(const std::string& component, Operand t, Action action, std::int64_t words) {
    counts_.add(component, t, action, Words{words}, bytes_of(Words{words}, a_.width(t)));
  }

  void in_tiles(Operand t) {
    const auto passes_by = w_.passes_by[at(t)] && t != Output;
    const auto words = passes_by ? w_.sent[at(t)] : w_.tile_words[at(t)];
    auto bytes = bytes_of(Words{words}, a_.width(t));
    if (!passes_by && t == Input && coded(a_, t, facts_)) {
      bytes = Bytes{std::llround(d(bytes.count()) * facts_.coded_input)};
      add("rlc", t, Action::Decode, words);
    }
    counts_.add(a_.dram.name, t, Action::Read, Words{words}, bytes);
    if (!w_.passes_by[at(t)]) add(a_.buffer(t)->name, t, Action::Fill, words);
    if (t == Output && facts_.biases && l_.has_weights())
      counts_.add(a_.dram.name, Weight, Action::Read, Words{w_.bias_words},
                  bytes_of(Words{w_.bias_words}, a_.words.psum));
  }

  void out_tiles() {
    const auto finished = l_.tile_words(Output, l_.extent).count();
    if (facts_.table_activation)
      counts_.add(a_.array.mac.name, Output, Action::Activate, Words{finished},
                  bytes_of(Words{finished}, a_.words.output));
    auto bytes = bytes_of(Words{finished}, a_.words.output);
    if (coded(a_, Output, facts_) && !w_.passes_by[at(Output)]) {
      bytes = Bytes{std::llround(d(bytes.count()) * facts_.coded_output)};
      counts_.add("rlc", Output, Action::Encode, Words{finished}, bytes_of(Words{finished}, a_.words.output));
    }
    const auto spilled = w_.drained - finished;
    counts_.add(a_.dram.name, Output, Action::Write, Words{w_.drained},
                bytes + bytes_of(Words{spilled}, a_.words.psum));
    if (!w_.passes_by[at(Output)]) add(a_.buffer(Output)->name, Output, Action::Drain, w_.drained);
  }

  void array() {
    for (Operand t : kAllOperands) {
      if (!w_.passes_by[at(t)]) add(a_.buffer(t)->name, t, Action::Read, w_.sent[at(t)]);
      add(a_.network(NocRole::Deliver, t)->name, t, Action::Send, w_.sent[at(t)]);
      const auto* links = t == Output ? nullptr : a_.network(NocRole::Forward, t);
      const auto handed_on = links ? w_.handed_on : 0;
      add(a_.network(NocRole::Deliver, t)->name, t, Action::Deliver, w_.delivered[at(t)] - handed_on);
      if (links) add(links->name, t, Action::Hop, handed_on);
    }
    if (!w_.passes_by[at(Output)]) add(a_.buffer(Output)->name, Output, Action::Write, w_.collected);
    add(a_.network(NocRole::Collect, Output)->name, Output, Action::Send, w_.collected);
    psums();

    const auto gated = a_.array.mac.zero_gating && l_.has_weights() ? facts_.gated_macs : 0;
    const auto macs = w_.macs - gated;
    add(a_.spad(Input)->name, Input, Action::Write, w_.delivered[at(Input)]);
    add(a_.spad(Input)->name, Input, Action::Read, w_.macs);
    add(a_.spad(Weight)->name, Weight, Action::Write, w_.delivered[at(Weight)]);
    if (l_.has_weights()) add(a_.spad(Weight)->name, Weight, Action::Read, macs);
    const Action each = l_.reduction == Reduction::MultiplyAdd ? Action::Mac
                        : l_.reduction == Reduction::Maximum   ? Action::Compare
                                                               : Action::Add;
    add(a_.array.mac.name, Output, each, macs);
    add(a_.array.mac.name, Output, Action::GatedMac, gated);
  }

  /// Psums among PEs and in their registers.
  void psums() {
    const auto& forward = *a_.network(NocRole::Forward, Output);
    const auto gated = a_.array.mac.zero_gating && l_.has_weights() ? facts_.gated_macs : 0;
    const Action join = l_.reduction == Reduction::Maximum ? Action::Compare : Action::Add;
    const bool lockstep = a_.array.control == Control::Lockstep;
    const bool tree = forward.kind == NocKind::AdderTree;
    const auto sums = tree ? w_.column_steps : w_.macs - gated;
    add(a_.spad(Output)->name, Output, Action::Write, sums);
    add(a_.spad(Output)->name, Output, Action::Read, sums + (lockstep ? 0 : w_.joins));
    if (tree)
      add(forward.name, Output, join, w_.macs - w_.column_steps);
    else
      add(forward.name, Output, Action::Hop, w_.hops);
    if (!lockstep) add(a_.array.mac.name, Output, join, w_.joins);
  }

  const Traffic& w_;
  const LayerNest& l_;
  const Architecture& a_;
  const DataFacts& facts_;
  ActionCounts counts_;
};

double link_bytes(const Architecture& a) {
  return a.dram.bandwidth.count() * a.clock(a.dram.clock).count() / a.core().count();
}

}  // namespace

ActionCounts action_counts(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  return Rows{w, l, a, facts}.all();
}

namespace {

/// Core cycles that a word takes of DRAM's link, of the coder and of the buffer's port, whichever is slowest.
double link_cycles(const Architecture& a, Operand t, const DataFacts& facts, bool finished, bool at_least) {
  const Bits width = finished ? a.words.output : a.width(t);
  const double bytes = d(width.count()) / 8;
  const auto& port = *a.partition(t);
  // Words that pass by the buffer meet neither its port nor the coder; where they may, only the link is certain.
  const bool may_pass = port.bypass && t != Output;
  const double at_port = may_pass ? 0.0 : 1.0 / d((t == Output ? std::max(port.read, port.write) : port.write).count());
  const bool codes = coded(a, t, facts) && (t != Output || finished);
  if (!codes) return std::max(bytes / link_bytes(a), at_port);
  const auto& code = *a.dram.compression;
  const double least = d(code.word.count()) / 8 / d(code.pairs) / d(std::int64_t{1} << code.run.count());
  const double sent = at_least ? least : bytes * (t == Input ? facts.coded_input : facts.coded_output);
  return std::max({sent / link_bytes(a), may_pass ? 0.0 : 1.0 / d(code.rate.count()), at_port});
}

/// Core cycles of the array over all passes: its busiest unit's, and what no unit can avoid in a pass.
double array_cycles(const Traffic& w, const CycleRates& rates) {
  double most = d(w.longest_pe);
  for (Operand t : kAllOperands) most = std::max(most, d(w.sent[at(t)]) * rates.sent[at(t)]);
  return std::max(most, d(w.collected) * rates.collected) + d(w.passes) * rates.ramp;
}

/// Link cycles by tensor.
std::array<double, 3> link_time(const Traffic& w, const LayerNest& l, const CycleRates& rates) {
  const auto words = [&](Operand t) { return d(w.passes_by[at(t)] ? w.sent[at(t)] : w.tile_words[at(t)]); };
  return {words(Input) * rates.link[0], l.has_weights() ? words(Weight) * rates.link[1] : 0.0,
          2 * d(w.tile_words[2]) * rates.link[2] + d(l.tile_words(Output, l.extent).count()) * rates.link_finished};
}

/// What a pass takes besides its units' work: the first word's way in, the last psum's way out, a wave's way through.
double ramp(const Architecture& a) {
  const auto& collect = *a.network(NocRole::Collect, Output);
  const auto in_and_out = a.network(NocRole::Deliver, Input)->latency + a.array.mac.pipeline + collect.latency;
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
    rates.sent[at(t)] = beat(*a.network(NocRole::Deliver, t), a.partition(t)->read);
    rates.link[at(t)] = link_cycles(a, t, facts, false, at_least);
  }
  const auto& collect = *a.network(NocRole::Collect, Output);
  rates.collected = beat(collect, a.partition(Output)->write);
  rates.link_finished = link_cycles(a, Output, facts, true, at_least);
  rates.ramp = ramp(a);
  return rates;
}

/// Of a tensor's link cycles, those in which no other tensor can move: all of them with one DMA engine; with one a
/// tensor the bytes on the link, while ports and coders work beside each other.
static double alone_on_link(const Architecture& a, Operand t) {
  if (a.dram.engines == DmaEngines::Shared) return 1;
  const auto& code = a.dram.compression;
  if (code && std::ranges::count(code->tensors, t) > 0) return 0;
  const auto& port = *a.partition(t);
  const auto words = (t == Output ? std::max(port.read, port.write) : port.write).count();
  const auto share = [&](Bits width) {
    const double wire = d(width.count()) / 8 / link_bytes(a);
    return wire / std::max(wire, 1.0 / d(words));
  };
  return t == Output ? std::min(share(a.words.output), share(a.words.psum)) : share(a.width(t));
}

double cycle_bound(const CycleParts& parts, const Architecture& a, std::array<bool, 3> passes_by) {
  const double waits = passes_by[2] || buffered(a, Output) ? 0 : parts.link[2];
  double bound = parts.array + waits, link = 0;
  for (Operand t : kAllOperands) {
    link += parts.link[at(t)] * alone_on_link(a, t);
    bound = std::max(bound, parts.link[at(t)]);
  }
  bound = std::max(bound, link);
  const bool shared = a.dram.engines == DmaEngines::Shared;
  for (Operand t : {Input, Weight})
    if (!buffered(a, t) && !passes_by[at(t)])
      bound = std::max(
          bound, parts.network[at(t)] + (shared ? parts.link[at(t)] + waits : std::max(parts.link[at(t)], waits)));
  return bound;
}

namespace {

CycleParts parts_of(const Traffic& w, const LayerNest& l, const CycleRates& rates) {
  CycleParts parts{.array = array_cycles(w, rates), .network = {}, .link = link_time(w, l, rates)};
  for (Operand t : kAllOperands) parts.network[at(t)] = d(w.sent[at(t)]) * rates.sent[at(t)];
  return parts;
}

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

CycleBreakdown cycle_breakdown(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  CycleBreakdown c;
  const auto rates = cycle_rates(a, facts);
  c.least = parts_of(w, l, rates);
  c.likely = parts_of(w, l, cycle_rates(a, facts, false));
  c.busiest_pe = d(w.longest_pe);
  c.collecting = d(w.collected) * rates.collected;
  c.ramps = d(w.passes) * rates.ramp;
  const double hop = d(a.array.mac.pipeline.count() - 1 + a.network(NocRole::Forward, Output)->latency.count());
  const bool lockstep = a.array.control == Control::Lockstep;
  c.chains = lockstep ? preloads(w, a, rates) : d(w.passes * (w.chain - 1)) * hop;

  const double latency = d(a.core_cycles(a.dram.latency, a.dram.clock).count());
  const auto tiles = w.drained_tiles + w.tile_moves[2] + (facts.biases ? w.bias_tiles : 0);
  for (Operand t : {Input, Weight}) {
    c.moving[at(t)] = c.likely.link[at(t)] + latency * d(w.tile_moves[at(t)]);
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
