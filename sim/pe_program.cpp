#include "sim/pe_program.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/ensure.hpp"

namespace eyrie::sim {

PeNest pe_nest(const Mapping& mapping, const LayerNest& layer, const Architecture& a) {
  PeNest inner;
  for (std::size_t i = mapping.pass_position(); i < mapping.nest.size(); ++i) {
    if (mapping.nest[i].spatial) continue;
    inner.entries.push_back(mapping.nest[i]);
    inner.trips.push_back(mapping.trips(layer.extent, i));
  }
  for (Operand t : kAllOperands) {
    const auto& spad = a.spad(t)->name;
    const auto it =
        std::ranges::find_if(inner.entries, [&](const NestEntry& e) { return e.keeps(t) && *e.keep == spad; });
    inner.keep[static_cast<std::size_t>(t)] = static_cast<std::size_t>(it - inner.entries.begin());
  }
  return inner;
}

/// Entry of the first loop of more than one trip inside `from` that moves along one of `dims`.
static std::size_t first_loop(const PeNest& nest, std::size_t from, std::initializer_list<Dim> dims) {
  for (std::size_t i = from; i < nest.entries.size(); ++i)
    if (nest.entries[i].temporal && nest.trips[i] > 1 && std::ranges::count(dims, *nest.entries[i].temporal)) return i;
  return nest.entries.size();
}

static std::array<int, 5> by_first_loop(const std::array<std::size_t, 5>& loop) {
  std::array<int, 5> order{0, 1, 2, 3, 4};
  std::ranges::stable_sort(order, {}, [&](int i) { return loop[static_cast<std::size_t>(i)]; });
  return order;
}

std::array<int, 5> input_coordinate_order(const PeNest& nest) {
  const auto from = nest.keep[static_cast<std::size_t>(Operand::Input)];
  return by_first_loop({first_loop(nest, from, {Dim::G}), first_loop(nest, from, {Dim::N}),
                        first_loop(nest, from, {Dim::C}), first_loop(nest, from, {Dim::P, Dim::R}),
                        first_loop(nest, from, {Dim::Q, Dim::S})});
}

std::array<int, 5> weight_coordinate_order(const PeNest& nest) {
  const auto from = nest.keep[static_cast<std::size_t>(Operand::Weight)];
  return by_first_loop({first_loop(nest, from, {Dim::G}), first_loop(nest, from, {Dim::M}),
                        first_loop(nest, from, {Dim::C}), first_loop(nest, from, {Dim::R}),
                        first_loop(nest, from, {Dim::S})});
}

namespace {

/// The tile of one tensor that is in its spad, and the numbers of its words.
struct Residency {
  Extents offset, extent;
  bool any = false;
  std::size_t slides_with = SIZE_MAX;  ///< entry of the innermost relevant loop of more than one trip above the keep
  std::size_t advanced = SIZE_MAX;     ///< outermost loop that went on since the last look
  std::vector<std::int32_t> number;    ///< per word of the PE's whole part, -1 if not in the spad
  std::vector<std::size_t> held;       ///< indices of the words in the spad
};

class Compiler {
 public:
  Compiler(const PeNest& nest, const LayerNest& layer, const Extents& tile, const Extents& frame)
      : nest_{nest}, layer_{layer}, whole_{tile}, frame_{frame} {
    extent_ = tile;
    rows_ = window(tile[Dim::P], tile[Dim::R], layer.stride.rows, layer.dilation.rows);
    columns_ = window(tile[Dim::Q], tile[Dim::S], layer.stride.columns, layer.dilation.columns);
    at(Operand::Input)
        .number.assign(static_cast<std::size_t>(tile[Dim::G] * tile[Dim::N] * tile[Dim::C] * rows_ * columns_), -1);
    if (layer.has_weights())
      at(Operand::Weight)
          .number.assign(
              static_cast<std::size_t>(tile[Dim::G] * tile[Dim::M] * tile[Dim::C] * tile[Dim::R] * tile[Dim::S]), -1);
    for (Operand t : kAllOperands)
      for (std::size_t i = 0; i < keep_of(t) && i < nest.entries.size(); ++i)
        if (nest.entries[i].temporal && nest.trips[i] > 1 && is_relevant(*nest.entries[i].temporal, t))
          at(t).slides_with = i;
  }

  PeProgram compile() && {
    enter(0);
    close_window();
    mark_dead();
    return std::move(program_);
  }

 private:
  static std::int64_t window(std::int64_t p, std::int64_t r, std::int64_t stride, std::int64_t dilation) {
    return (p - 1) * stride + (r - 1) * dilation + 1;
  }
  Residency& at(Operand t) { return residency_[static_cast<std::size_t>(t)]; }
  std::size_t keep_of(Operand t) const { return nest_.keep[static_cast<std::size_t>(t)]; }

  void enter(std::size_t i) {
    if (i == nest_.entries.size()) return mac();
    const auto& e = nest_.entries[i];
    if (e.keep) {
      for (Operand t : e.tensors)
        if (keep_of(t) == i) look(t);
      return enter(i + 1);
    }
    const Dim d = *e.temporal;
    const auto extent = extent_[d], offset = offset_[d], batch = batch_, frame = frame_[d], step = step_;
    const auto beside = frame_.product() / frame;  // steps of the frame for one element of d
    for (std::int64_t k = 0, done = 0; done < extent; ++k, done += e.step) {
      extent_[d] = std::min(e.step, extent - done);
      offset_[d] = offset + done;
      batch_ = batch * nest_.trips[i] + k;
      frame_[d] = std::min(e.step, frame - done);
      step_ = step + done * beside;
      if (k > 0)
        for (auto& r : residency_) r.advanced = std::min(r.advanced, i);
      enter(i + 1);
    }
    extent_[d] = extent;
    offset_[d] = offset;
    batch_ = batch;
    frame_[d] = frame;
    step_ = step;
  }

  /// A keep is passed: bring what is new of its tile.
  void look(Operand t) {
    Residency& r = at(t);
    const bool same = r.any && same_tile(t, r);
    const bool slides = r.any && r.advanced == r.slides_with && r.slides_with != SIZE_MAX &&
                        is_window(*nest_.entries[r.slides_with].temporal) && t == Operand::Input;
    r.advanced = SIZE_MAX;
    if (same) return;
    r.any = true;
    r.offset = offset_;
    r.extent = extent_;
    if (t == Operand::Output) return open_window();
    if (t == Operand::Weight && !layer_.has_weights()) return;
    if (t == Operand::Weight) fresh_weights_ = true;
    bring(t, t == Operand::Input ? input_words() : weight_words(), slides);
  }
  bool same_tile(Operand t, const Residency& r) const {
    return std::ranges::all_of(kAllDims, [&](Dim d) {
      return !is_relevant(d, t) || (r.offset[d] == offset_[d] && r.extent[d] == extent_[d]);
    });
  }

  std::vector<std::array<std::int32_t, 5>> input_words() const {
    std::vector<std::array<std::int32_t, 5>> all;
    const auto row_set = touched_set(Dim::P, Dim::R, layer_.stride.rows, layer_.dilation.rows);
    const auto column_set = touched_set(Dim::Q, Dim::S, layer_.stride.columns, layer_.dilation.columns);
    for (auto g : range(Dim::G))
      for (auto n : range(Dim::N))
        for (auto c : range(Dim::C))
          for (auto row : row_set)
            for (auto column : column_set) all.push_back({g, n, c, row, column});
    return all;
  }

  std::vector<std::array<std::int32_t, 5>> weight_words() const {
    std::vector<std::array<std::int32_t, 5>> all;
    for (auto g : range(Dim::G))
      for (auto m : range(Dim::M))
        for (auto c : range(Dim::C))
          for (auto r : range(Dim::R))
            for (auto s : range(Dim::S)) all.push_back({g, m, c, r, s});
    return all;
  }

  /// Numbers the words of a tile: those that slide keep theirs, the others come in the order of the loops inside.
  void bring(Operand t, const std::vector<std::array<std::int32_t, 5>>& tile, bool slides) {
    Residency& r = at(t);
    std::vector<std::pair<std::size_t, std::int32_t>> stay;
    std::vector<WordAt> fresh;
    for (const auto& w : tile)
      if (const auto k = index(t, w); slides && r.number[k] >= 0)
        stay.emplace_back(k, r.number[k]);
      else
        fresh.push_back({batch_, w});
    for (const auto k : r.held) r.number[k] = -1;
    r.held.clear();
    for (const auto& [k, number] : stay) {
      r.number[k] = number;
      r.held.push_back(k);
    }
    if (t == Operand::Input)
      number(t, fresh, input_order_, program_.inputs);
    else
      number(t, fresh, weight_order_, program_.weights);
  }

  void number(Operand t, std::vector<WordAt>& fresh, const std::array<int, 5>& order, std::vector<WordAt>& all) {
    std::ranges::sort(fresh, [&](const WordAt& a, const WordAt& b) {
      for (int i : order)
        if (a.at[static_cast<std::size_t>(i)] != b.at[static_cast<std::size_t>(i)])
          return a.at[static_cast<std::size_t>(i)] < b.at[static_cast<std::size_t>(i)];
      return false;
    });
    for (const auto& w : fresh) {
      at(t).held.push_back(index(t, w.at));
      at(t).number[at(t).held.back()] = narrow(std::ssize(all));
      all.push_back(w);
    }
  }

  std::vector<std::int32_t> range(Dim d) const {
    std::vector<std::int32_t> all;
    for (auto i = offset_[d]; i < offset_[d] + extent_[d]; ++i) all.push_back(narrow(i));
    return all;
  }

  std::vector<std::int32_t> touched_set(Dim out, Dim tap, std::int64_t stride, std::int64_t dilation) const {
    std::vector<std::int32_t> all;
    for (auto o = offset_[out]; o < offset_[out] + extent_[out]; ++o)
      for (auto k = offset_[tap]; k < offset_[tap] + extent_[tap]; ++k)
        all.push_back(narrow(o * stride + k * dilation));
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
  }

  void open_window() {
    close_window();
    window_offset_ = offset_;
    window_extent_ = extent_;
    window_batch_ = batch_;
    opening_ = true;
  }
  void close_window() {
    if (program_.rows.empty()) return;
    const auto first = program_.outputs.size();
    for (std::int64_t g = 0; g < window_extent_[Dim::G]; ++g)
      for (std::int64_t n = 0; n < window_extent_[Dim::N]; ++n)
        for (std::int64_t m = 0; m < window_extent_[Dim::M]; ++m)
          for (std::int64_t p = 0; p < window_extent_[Dim::P]; ++p)
            for (std::int64_t q = 0; q < window_extent_[Dim::Q]; ++q)
              program_.outputs.push_back({window_batch_,
                                          {narrow(window_offset_[Dim::G] + g), narrow(window_offset_[Dim::N] + n),
                                           narrow(window_offset_[Dim::M] + m), narrow(window_offset_[Dim::P] + p),
                                           narrow(window_offset_[Dim::Q] + q)}});
    program_.rows.back().leaves = narrow(static_cast<std::int64_t>(program_.outputs.size() - first));
  }

  /// One MAC: joins the run before it if it goes on in the same steps.
  void mac() {
    const auto row = offset_[Dim::P] * layer_.stride.rows + offset_[Dim::R] * layer_.dilation.rows;
    const auto column = offset_[Dim::Q] * layer_.stride.columns + offset_[Dim::S] * layer_.dilation.columns;
    const auto input = at(Operand::Input)
                           .number[index(Operand::Input, {narrow(offset_[Dim::G]), narrow(offset_[Dim::N]),
                                                          narrow(offset_[Dim::C]), narrow(row), narrow(column)})];
    const auto weight = layer_.has_weights()
                            ? at(Operand::Weight)
                                  .number[index(Operand::Weight, {narrow(offset_[Dim::G]), narrow(offset_[Dim::M]),
                                                                  narrow(offset_[Dim::C]), narrow(offset_[Dim::R]),
                                                                  narrow(offset_[Dim::S])})]
                            : 0;
    ensure(input >= 0 && weight >= 0, "a MAC finds its operands in the spads");
    const auto slot = slot_of();
    if (!opening_ && !fresh_weights_ && program_.rows.back().step + program_.rows.back().length == step_ &&
        joins(input, weight, slot)) {
      ++program_.rows.back().length;
      return;
    }
    program_.rows.push_back(
        {.input = input, .weight = weight, .slot = slot, .length = 1, .step = narrow(step_), .opens_window = opening_});
    opening_ = fresh_weights_ = false;
  }
  bool joins(std::int32_t input, std::int32_t weight, std::int32_t slot) {
    Row& r = program_.rows.back();
    const std::array steps{input - r.input - (r.length - 1) * r.input_step,
                           weight - r.weight - (r.length - 1) * r.weight_step,
                           slot - r.slot - (r.length - 1) * r.slot_step};
    if (r.length == 1) {
      r.input_step = steps[0];
      r.weight_step = steps[1];
      r.slot_step = steps[2];
      // Only runs on one input with neighbouring psums are worth having; others are single MACs.
      if (steps[0] == 0 && steps[2] == 1) return true;
      r.input_step = r.weight_step = r.slot_step = 0;
      return false;
    }
    return steps[0] == r.input_step && steps[1] == r.weight_step && steps[2] == r.slot_step;
  }
  std::int32_t slot_of() const {
    std::int64_t k = 0;
    for (Dim d : {Dim::G, Dim::N, Dim::M, Dim::P, Dim::Q}) k = k * window_extent_[d] + offset_[d] - window_offset_[d];
    return narrow(k);
  }

  /// A word's place is free after the last row that uses it, whatever came before it and is still in use.
  void mark_dead() {
    std::vector<std::int32_t> inputs(program_.rows.size()), weights(program_.rows.size());
    std::vector<bool> input_seen(program_.inputs.size()), weight_seen(program_.weights.size());
    for (std::size_t i = program_.rows.size(); i-- > 0;) {
      const Row& r = program_.rows[i];
      for (std::int32_t k = 0; k < r.length; ++k) {
        last_use(r.input + r.input_step * k, input_seen, inputs[i]);
        if (layer_.has_weights()) last_use(r.weight + r.weight_step * k, weight_seen, weights[i]);
      }
    }
    std::int32_t input = 0, weight = 0;
    for (std::size_t i = 0; i < program_.rows.size(); ++i) {
      program_.rows[i].inputs_dead = input += inputs[i];
      program_.rows[i].weights_dead = weight += weights[i];
    }
  }
  static void last_use(std::int32_t word, std::vector<bool>& seen, std::int32_t& dead) {
    if (seen[static_cast<std::size_t>(word)]) return;
    seen[static_cast<std::size_t>(word)] = true;
    ++dead;
  }

  std::size_t index(Operand t, const std::array<std::int32_t, 5>& w) const {
    const std::array<std::int64_t, 4> shape =
        t == Operand::Input ? std::array{whole_[Dim::N], whole_[Dim::C], rows_, columns_}
                            : std::array{whole_[Dim::M], whole_[Dim::C], whole_[Dim::R], whole_[Dim::S]};
    std::int64_t k = w[0];
    for (std::size_t i = 0; i < 4; ++i) k = k * shape[i] + w[i + 1];
    return static_cast<std::size_t>(k);
  }
  static std::int32_t narrow(std::int64_t n) { return static_cast<std::int32_t>(n); }

  const PeNest& nest_;
  const LayerNest& layer_;
  const std::array<int, 5> input_order_ = input_coordinate_order(nest_), weight_order_ = weight_coordinate_order(nest_);
  const Extents whole_;
  std::int64_t rows_ = 1, columns_ = 1;
  Extents frame_;
  Extents extent_, offset_{{0, 0, 0, 0, 0, 0, 0, 0}}, window_extent_, window_offset_;
  std::int64_t batch_ = 0, window_batch_ = 0, step_ = 0;
  bool opening_ = false;
  bool fresh_weights_ = false;  ///< a run may not need more weights at once than the tile in the spad has
  std::array<Residency, 3> residency_;
  PeProgram program_;
};

}  // namespace

PeProgram compile_pe(const PeNest& nest, const LayerNest& layer, const Extents& tile, const Extents& frame) {
  return Compiler{nest, layer, tile, frame}.compile();
}

PeProgram compile_pe(const PeNest& nest, const LayerNest& layer, const Extents& tile) {
  return compile_pe(nest, layer, tile, tile);
}

}  // namespace eyrie::sim
