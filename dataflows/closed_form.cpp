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
      add(a_.network(NocRole::Deliver, t)->name, t, Action::Deliver, w_.delivered[at(t)]);
    }
    if (!w_.passes_by[at(Output)]) add(a_.buffer(Output)->name, Output, Action::Write, w_.collected);
    add(a_.network(NocRole::Collect, Output)->name, Output, Action::Send, w_.collected);
    add(a_.network(NocRole::Forward, Output)->name, Output, Action::Hop, w_.hops);

    const auto gated = a_.array.mac.zero_gating && l_.has_weights() ? facts_.gated_macs : 0;
    const auto macs = w_.macs - gated;
    add(a_.spad(Input)->name, Input, Action::Write, w_.delivered[at(Input)]);
    add(a_.spad(Input)->name, Input, Action::Read, w_.macs);
    add(a_.spad(Weight)->name, Weight, Action::Write, w_.delivered[at(Weight)]);
    if (l_.has_weights()) add(a_.spad(Weight)->name, Weight, Action::Read, macs);
    add(a_.spad(Output)->name, Output, Action::Write, macs);
    add(a_.spad(Output)->name, Output, Action::Read, macs + w_.joins);
    const Action each = l_.reduction == Reduction::MultiplyAdd ? Action::Mac
                        : l_.reduction == Reduction::Maximum   ? Action::Compare
                                                               : Action::Add;
    add(a_.array.mac.name, Output, each, macs);
    add(a_.array.mac.name, Output, Action::GatedMac, gated);
    add(a_.array.mac.name, Output, l_.reduction == Reduction::Maximum ? Action::Compare : Action::Add, w_.joins);
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
  const double at_port = 1.0 / d((t == Output ? std::max(port.read, port.write) : port.write).count());
  const bool codes = coded(a, t, facts) && (t != Output || finished);
  if (!codes) return std::max(bytes / link_bytes(a), at_port);
  const auto& code = *a.dram.compression;
  const double least = d(code.word.count()) / 8 / d(code.pairs) / d(std::int64_t{1} << code.run.count());
  const double sent = at_least ? least : bytes * (t == Input ? facts.coded_input : facts.coded_output);
  return std::max({sent / link_bytes(a), 1.0 / d(code.rate.count()), at_port});
}

/// Link cycles by tensor.
std::array<double, 3> link_time(const Traffic& w, const LayerNest& l, const CycleRates& rates) {
  const auto words = [&](Operand t) { return d(w.passes_by[at(t)] ? w.sent[at(t)] : w.tile_words[at(t)]); };
  return {words(Input) * rates.link[0], l.has_weights() ? words(Weight) * rates.link[1] : 0.0,
          2 * d(w.tile_words[2]) * rates.link[2] + d(l.tile_words(Output, l.extent).count()) * rates.link_finished};
}

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
  rates.ramp = d(a.network(NocRole::Deliver, Input)->latency.count() + a.array.mac.pipeline.count() - 1 +
                 a.network(NocRole::Forward, Output)->latency.count() + collect.latency.count());
  return rates;
}

double cycle_bound(double array, double link_outputs, double link_all, bool outputs_pass_by) {
  return std::max(array + (outputs_pass_by ? 0 : link_outputs), link_all);
}

CycleParts cycle_parts(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  CycleParts parts;
  const auto rates = cycle_rates(a, facts);
  const double latency = d(a.core_cycles(a.dram.latency, a.dram.clock).count());
  const double hop = d(a.array.mac.pipeline.count() - 1 + a.network(NocRole::Forward, Output)->latency.count());
  const auto likely = link_time(w, l, cycle_rates(a, facts, false));
  const auto output_tiles = w.drained_tiles + w.tile_moves[2] + (facts.biases ? w.bias_tiles : 0);
  parts.busiest_pe = d(w.longest_pe);
  for (Operand t : kAllOperands) parts.sent[at(t)] = d(w.sent[at(t)]) * rates.sent[at(t)];
  parts.collected = d(w.collected) * rates.collected;
  parts.ramps = d(w.passes) * rates.ramp;
  parts.link_least = link_time(w, l, rates);
  parts.outputs_pass_by = w.passes_by[at(Output)];
  parts.chains = d(w.passes * (w.chain - 1)) * hop;
  parts.inputs = likely[0] + latency * d(w.tile_moves[0]);
  parts.weights = likely[1] + latency * d(w.tile_moves[1]);
  parts.outputs = parts.outputs_pass_by ? 0 : likely[2] + latency * d(output_tiles);
  parts.inputs_wait = !a.partition(Input)->double_buffered && !w.passes_by[at(Input)];
  return parts;
}

double CycleParts::array() const { return std::max({busiest_pe, sent[0], sent[1], sent[2], collected}) + ramps; }

double CycleParts::bound() const {
  return cycle_bound(array(), link_least[2], link_least[0] + link_least[1] + link_least[2], outputs_pass_by);
}

double CycleParts::estimate() const {
  return std::max(array() + chains + outputs + (inputs_wait ? inputs : 0), inputs + weights + outputs);
}

CycleModel cycle_model(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  const auto parts = cycle_parts(w, l, a, facts);
  return {.bound = Cycles{static_cast<std::int64_t>(parts.bound())},
          .estimate = Cycles{static_cast<std::int64_t>(parts.estimate())}};
}

}  // namespace eyrie
