#include "dataflows/action_counter.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/ensure.hpp"

namespace eyrie {

using enum Operand;

static std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

bool travels_coded(const Architecture& a, Operand t, const DataFacts& facts) {
  const auto& code = a.dram.compression;
  if (!code || std::ranges::count(code->tensors, t) == 0) return false;
  return !(t == Input && facts.reads_network_input && code->network_input_raw);
}

CountedParts::CountedParts(const LayerNest& l, const Architecture& a, const DataFacts& known)
    : facts{known},
      architecture{&a},
      collect{a.network(NocRole::Collect, Output)},
      finished{l.tile_words(Output, l.extent).count()},
      zeros{zero_slots(l, a, known)},
      weights{l.has_weights()},
      lockstep{a.array.control == Control::Lockstep},
      reduction{l.reduction} {
  for (Operand t : kAllOperands) {
    buffer[at(t)] = a.buffer(t);
    spad[at(t)] = a.spad(t);
    deliver[at(t)] = a.network(NocRole::Deliver, t);
    forward[at(t)] = a.network(NocRole::Forward, t);
    coded[at(t)] = travels_coded(a, t, known);
    width[at(t)] = a.width(t);
  }
}

namespace {

/// Tells a sink every row, in the same order for every mapping of a layer; those of tiles that pass by their buffer
/// with no words.
template <class Sink>
class Rows {
 public:
  Rows(const Traffic& w, const CountedParts& parts, Sink& sink)
      : w_{w}, p_{parts}, a_{*parts.architecture}, sink_{sink} {}

  void all() {
    for (Operand t : kAllOperands)
      if (t != Weight || p_.weights) in_tiles(t);
    out_tiles();
    array();
    psums();
    compute();
  }

 private:
  void add(const std::string& component, Operand t, Action action, std::int64_t words) {
    sink_.add(component, t, action, Words{words}, bytes_of(Words{words}, p_.width[at(t)]));
  }
  void add(const std::string& component, Operand t, Action action, std::int64_t words, Bytes bytes) {
    sink_.add(component, t, action, Words{words}, bytes);
  }
  static Bytes shortened(Bytes bytes, double to) {
    return Bytes{std::llround(static_cast<double>(bytes.count()) * to)};
  }

  void in_tiles(Operand t) {
    const bool past = w_.passes_by[at(t)];
    const auto words = past && t != Output ? w_.sent[at(t)] : w_.tile_words[at(t)];
    auto bytes = bytes_of(Words{words}, p_.width[at(t)]);
    if (t != Output && p_.coded[at(t)]) {
      if (!past) bytes = shortened(bytes, t == Input ? p_.facts.coded_input : p_.facts.coded_weight);
      add(kCoder, t, Action::Decode, past ? 0 : words);
    }
    add(a_.dram.name, t, Action::Read, words, bytes);
    add(p_.buffer[at(t)]->name, t, Action::Fill, past ? 0 : words);
    if (t == Output && p_.facts.biases && p_.weights)
      add(a_.dram.name, Weight, Action::Read, w_.bias_words, bytes_of(Words{w_.bias_words}, a_.words.psum));
  }

  void out_tiles() {
    const bool past = w_.passes_by[at(Output)];
    auto bytes = bytes_of(Words{p_.finished}, a_.words.output);
    if (p_.facts.table_activation) add(a_.array.mac.name, Output, Action::Activate, p_.finished, bytes);
    if (p_.coded[at(Output)]) {
      add(kCoder, Output, Action::Encode, past ? 0 : p_.finished, past ? Bytes{} : bytes);
      if (!past) bytes = shortened(bytes, p_.facts.coded_output);
    }
    const auto spilled = w_.drained - p_.finished;
    add(a_.dram.name, Output, Action::Write, w_.drained, bytes + bytes_of(Words{spilled}, a_.words.psum));
    add(p_.buffer[at(Output)]->name, Output, Action::Drain, past ? 0 : w_.drained);
  }

  void array() {
    for (Operand t : kAllOperands) {
      add(p_.buffer[at(t)]->name, t, Action::Read, w_.passes_by[at(t)] ? 0 : w_.sent[at(t)]);
      add(p_.deliver[at(t)]->name, t, Action::Send, w_.sent[at(t)]);
      const auto* links = t == Output ? nullptr : p_.forward[at(t)];
      const auto handed_on = links ? w_.handed_on : 0;
      add(p_.deliver[at(t)]->name, t, Action::Deliver, w_.delivered[at(t)] - handed_on);
      if (links) add(links->name, t, Action::Hop, handed_on);
    }
    add(p_.buffer[at(Output)]->name, Output, Action::Write, w_.passes_by[at(Output)] ? 0 : w_.collected);
    add(p_.collect->name, Output, Action::Send, w_.collected);
  }

  /// Psums among PEs and in their registers.
  void psums() {
    const auto& forward = *p_.forward[at(Output)];
    const Action join = p_.reduction == Reduction::Maximum ? Action::Compare : Action::Add;
    const bool tree = forward.kind == NocKind::AdderTree;
    const auto sums = tree ? w_.column_steps : w_.macs - p_.zeros.gated - p_.zeros.skipped;
    add(p_.spad[at(Output)]->name, Output, Action::Write, sums);
    add(p_.spad[at(Output)]->name, Output, Action::Read, sums + (p_.lockstep ? 0 : w_.joins));
    if (tree)
      add(forward.name, Output, join, w_.macs - w_.column_steps);
    else
      add(forward.name, Output, Action::Hop, w_.hops);
    if (!p_.lockstep) add(a_.array.mac.name, Output, join, w_.joins);
  }

  void compute() {
    const auto macs = w_.macs - p_.zeros.gated - p_.zeros.skipped;
    add(p_.spad[at(Input)]->name, Input, Action::Write, w_.delivered[at(Input)]);
    add(p_.spad[at(Input)]->name, Input, Action::Read, w_.macs - p_.zeros.skipped);
    add(p_.spad[at(Weight)]->name, Weight, Action::Write, w_.delivered[at(Weight)]);
    if (p_.weights) add(p_.spad[at(Weight)]->name, Weight, Action::Read, macs + p_.zeros.gated_by_weight);
    const Action each = p_.reduction == Reduction::MultiplyAdd ? Action::Mac
                        : p_.reduction == Reduction::Maximum   ? Action::Compare
                                                               : Action::Add;
    add(a_.array.mac.name, Output, each, macs);
    add(a_.array.mac.name, Output, Action::GatedMac, p_.zeros.gated);
  }

  inline static const std::string kCoder = "rlc";
  const Traffic& w_;
  const CountedParts& p_;
  const Architecture& a_;
  Sink& sink_;
};

/// Keeps what rows are of.
struct Keys {
  std::vector<ActionCount> all;
  void add(const std::string& component, Operand t, Action action, Words, Bytes) {
    all.push_back({.component = component, .tensor = t, .action = action});
  }
};

/// Adds to numbered rows.
struct Numbered {
  const std::size_t* next;
  std::span<Count> counts;
  void add(const std::string&, Operand, Action, Words words, Bytes bytes) {
    auto& c = counts[*next++];
    c.words += words;
    c.bytes += bytes;
  }
};

auto key(const ActionCount& r) { return std::tie(r.component, r.tensor, r.action); }

}  // namespace

ActionCounter::ActionCounter(const LayerNest& l, const Architecture& a, const DataFacts& facts) : parts_{l, a, facts} {
  Keys keys;
  Rows{Traffic{}, parts_, keys}.all();
  rows_ = keys.all;
  std::ranges::sort(rows_, {}, key);
  const auto alike = [](const auto& one, const auto& other) { return key(one) == key(other); };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), alike), rows_.end());
  for (const auto& k : keys.all)
    numbers_.push_back(static_cast<std::size_t>(std::ranges::lower_bound(rows_, key(k), {}, key) - rows_.begin()));
}

void ActionCounter::count(const Traffic& w, std::span<Count> counts) const {
  ensure(counts.size() == rows_.size(), "a count for each row");
  std::ranges::fill(counts, Count{});
  Numbered sink{numbers_.data(), counts};
  Rows{w, parts_, sink}.all();
}

ActionCounts action_counts(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts) {
  ActionCounts counts;
  Rows{w, CountedParts{l, a, facts}, counts}.all();
  return counts;
}

}  // namespace eyrie
