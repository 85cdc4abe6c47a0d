#include "sim/memory.hpp"

#include <algorithm>
#include <set>

#include "sim/packed_tile.hpp"
#include "sim/pass_core.hpp"
#include "sim/pass_plan.hpp"
#include "sim/slices.hpp"
#include "sim/step_timing.hpp"

namespace eyrie {

namespace {

using sim::Beat;
using sim::PeProgram;
using sim::StepArrivals;

/// A vector that was filled word by word may have room for twice as many.
constexpr std::int64_t kGrown = 2;
/// What the heap and a tree's node add to an element of its own.
constexpr std::int64_t kNode = 64;
/// A module of SystemC, with its name and the PE behind it.
constexpr std::int64_t kModule = 8 * 1024;
/// The kernel, its stacks, and what does not grow with the layer.
constexpr std::int64_t kKernel = 4 * 1024 * 1024;

template <class T>
constexpr std::int64_t size_of() {
  return static_cast<std::int64_t>(sizeof(T));
}

/// The most extents that a dimension has in a pass: what is left over may differ from loop to loop.
std::int64_t pass_shapes(const Mapping& m, const LayerNest& l) {
  std::int64_t all = 1;
  for (const Dim d : kAllDims) {
    std::set<std::int64_t> extents{l.extent[d]};
    for (std::size_t i = 0; i < m.pass_position(); ++i) {
      const auto& e = m.nest[i];
      if (!e.temporal || *e.temporal != d) continue;
      std::set<std::int64_t> inside;
      for (const auto whole : extents) {
        inside.insert(std::min(whole, e.step));
        if (whole > e.step && whole % e.step != 0) inside.insert(whole % e.step);
      }
      extents = std::move(inside);
    }
    all *= std::ssize(extents);
  }
  return all;
}

/// Words of a tensor that come together at most.
std::int64_t largest_batch(const std::vector<sim::WordAt>& words) {
  std::int64_t most = 0, now = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    now = i > 0 && words[i].batch == words[i - 1].batch ? now + 1 : 1;
    most = std::max(most, now);
  }
  return most;
}

/// Plans of the passes of a mapping, told from the largest pass and its largest PE.
class Plans {
 public:
  Plans(const Mapping& m, const LayerNest& l, const Architecture& a)
      : layer_{l}, a_{a}, pass_{m.tile_at(l.extent, m.pass_position())}, shapes_{pass_shapes(m, l)} {
    std::set<Extents> parts;
    const auto slices = sim::slices(m, l, pass_);
    pes_ = std::ssize(slices);
    Extents frame;
    for (const auto& s : slices) {
      parts.insert(s.extent);
      for (const Dim d : kAllDims) frame[d] = std::max(frame[d], s.extent[d]);
    }
    programs_ = std::ssize(parts);
    const auto nest = sim::pe_nest(m, l, a);
    const auto largest = sim::compile_pe(nest, l, frame);
    rows_ = std::ssize(largest.rows);
    inputs_ = std::ssize(largest.inputs);
    weights_ = std::ssize(largest.weights);
    outputs_ = std::ssize(largest.outputs);
    steps_ = frame.product();
    batches_ = largest_batch(largest.inputs) + largest_batch(largest.weights);
  }

  [[nodiscard]] std::int64_t bytes() const {
    const bool lockstep = a_.array.control == Control::Lockstep;
    return shapes_ * (plan() + (lockstep ? schedule() : streams())) + (lockstep ? scheduling() : merging() + ports());
  }

 private:
  /// Words that come to all PEs in a pass.
  [[nodiscard]] std::int64_t arrivals() const { return pes_ * (inputs_ + weights_); }

  [[nodiscard]] std::int64_t plan() const {
    const auto words = inputs_ + weights_ + outputs_;
    const auto program = kGrown * (rows_ * size_of<sim::Row>() + words * size_of<sim::WordAt>() + words * 8);
    const auto chain = size_of<sim::Chain>() + kNode + kGrown * outputs_ * (8 + 4);
    const auto taps = pass_[Dim::C] * pass_[Dim::R] * pass_[Dim::S] * kGrown * 2 * 8;
    return programs_ * program + pes_ * (kGrown * size_of<sim::PlannedPe>() + chain) + taps;
  }
  /// Of autonomous PEs: addresses, beats and the sets that they go to, and what passes came to.
  [[nodiscard]] std::int64_t streams() const {
    return arrivals() * kGrown * (8 + size_of<Beat>() + 4) + pes_ * outputs_ * kGrown * size_of<Beat>() +
           kGrown * sim::kRememberedTimings * (size_of<sim::PassOutcome>() + size_of<sim::TrafficCounts>());
  }
  /// One tensor's words are sorted at a time.
  [[nodiscard]] std::int64_t merging() const {
    const auto wish = 2 * 8 + 5 * 8 + 8, open = 32 + 32;
    return pes_ * std::max(inputs_, weights_) * kGrown * (wish + open);
  }
  [[nodiscard]] std::int64_t ports() const {
    return a_.pes() * ((inputs_ + weights_) * (2 + 3 * 4) + 2 * outputs_ * 4) * kGrown;
  }
  /// Of an array in lockstep: what comes and leaves, by step, and when it did.
  [[nodiscard]] std::int64_t groups() const { return std::min(2 * steps_, programs_ * (inputs_ + weights_)); }
  [[nodiscard]] std::int64_t schedule() const {
    return kGrown * (groups() * size_of<StepArrivals>() + outputs_ * size_of<sim::StepLeaving>()) +
           sim::kRememberedTimings * (size_of<sim::PassTiming>() + size_of<sim::PassEntry>() +
                                      (records() ? kGrown * groups() * size_of<sim::SentBy>() : 0));
  }
  [[nodiscard]] std::int64_t scheduling() const {
    const auto patterns = programs_ * (inputs_ + weights_) * kGrown * (7 * 8 + 2 * 8 + size_of<StepArrivals>());
    const auto wanted = pes_ * batches_ * (kGrown * 4 + kNode + 5 * 8 + 5 * 8);
    return patterns + wanted + kGrown * groups() * size_of<StepArrivals>() + outputs_ * (kNode + 4 * 8) + steps_ / 8;
  }
  [[nodiscard]] bool records() const {
    return std::ranges::any_of(kAllOperands, [&](Operand t) { return a_.partition(t)->circular; });
  }

  const LayerNest& layer_;
  const Architecture& a_;
  Extents pass_;
  std::int64_t shapes_, pes_ = 0, programs_ = 0, rows_ = 0, inputs_ = 0, weights_ = 0, outputs_ = 0, steps_ = 0,
                        batches_ = 0;
};

/// Tiles in the buffers.
std::int64_t tiles(const sim::TileStrides& strides) {
  return 2 * strides.words[0] + 2 * strides.words[1] + 4 * strides.words[2];
}

/// Words as the arithmetic of a pass wants them: the ifmap in planes, sums of a few filters, filters in lanes.
std::int64_t lanes(const LayerNest& l, const Mapping& m, const sim::TileStrides& strides) {
  const auto pass = m.tile_at(l.extent, m.pass_position());
  const sim::PackedTile packed{pass, l, strides, true};
  const auto ifmap = 2 * static_cast<std::int64_t>(packed.words()) * pass[Dim::N];
  const auto sums = 4 * (sim::kFilters * (packed.positions() + sim::kLanes) + pass[Dim::M] + sim::kLanes);
  const auto taps = pass[Dim::C] * pass[Dim::R] * pass[Dim::S];
  return ifmap + sums + kGrown * 4 * strides.words[1] + taps * (4 * sim::kFilters + kGrown * 4 + 2);
}

/// Ifmap and filters twice, as they are gathered; ofmap as it comes in, as it is answered, and in the network's order;
/// psums that leave the chip.
std::int64_t operands(const LayerNest& l) {
  const auto outputs = l.tile_words(Operand::Output, l.extent).count();
  const auto inputs = l.extent[Dim::N] * l.extent[Dim::G] * l.extent[Dim::C] * l.padded_rows() * l.padded_columns();
  const auto weights = l.has_weights() ? l.tile_words(Operand::Weight, l.extent).count() : 0;
  return 2 * (3 * inputs + weights + 4 * outputs) + 4 * outputs;
}

}  // namespace

Bytes simulation_memory(const LayerNest& l, const Architecture& a, const Mapping& m) {
  const auto strides = sim::tile_strides(m, l, a);
  const auto all =
      operands(l) + tiles(strides) + lanes(l, m, strides) + Plans{m, l, a}.bytes() + a.pes() * kModule + kKernel;
  return Bytes{all + all / 8};  // what the heap keeps between blocks
}

}  // namespace eyrie
