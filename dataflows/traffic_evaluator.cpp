#include "dataflows/traffic_evaluator.hpp"

#include <algorithm>

#include "dataflows/load_sum.hpp"
#include "dataflows/nest_loops.hpp"
#include "dataflows/ragged_dim.hpp"
#include "dataflows/sent_windows.hpp"

namespace eyrie {

namespace {

using enum Dim;
constexpr std::array kReduced{C, R, S};
constexpr std::array kKept{G, N, M, P, Q};
constexpr std::array kEntering{Operand::Input, Operand::Weight};
/// Output and filter dimension, rows first.
constexpr std::array<std::pair<Dim, Dim>, 2> kWindows{{{P, R}, {Q, S}}};

constexpr std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
constexpr std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

using DimList = InlineVector<Dim, kDims>;

/// What every mapping of the layer is counted with.
struct Constants {
  Constants(const LayerNest& l, const Architecture& a)
      : layer{l},
        steps{WindowStep{l.stride.rows, l.dilation.rows}, WindowStep{l.stride.columns, l.dilation.columns}},
        entering{std::span{kEntering}.first(l.has_weights() ? 2 : 1)},
        macs{l.macs().count()},
        outputs{l.tile_words(Operand::Output, l.extent).count()},
        lockstep{a.array.control == Control::Lockstep},
        initial_psums{a.partition(Operand::Output)->initial_psums},
        links{a.network(NocRole::Forward, Operand::Input) != nullptr} {
    for (Operand t : entering) to_each[at(t)] = sends_to_each(a, t);
    for (Operand t : kAllOperands)
      for (Dim d : kAllDims) {
        if (l.extent[d] == 1) continue;
        if (!is_relevant(d, t))
          irrelevant[at(t)].push_back(d);
        else if (t != Operand::Input || !is_window(d))
          plain[at(t)].push_back(d);
      }
  }

  LayerNest layer;
  std::array<WindowStep, 2> steps;  ///< rows, columns
  /// By Operand, of more than one element: dimensions that are no part of a window; that make no difference.
  std::array<DimList, 3> plain, irrelevant;
  std::span<const Operand> entering;
  std::array<bool, 3> to_each{};  ///< by Operand: its network sends a word once for each PE
  std::int64_t macs = 1, outputs = 1;
  bool lockstep = false, initial_psums = true;
  bool links = false;  ///< between neighbours, for ifmap words
};

/// A stretch of loops of a dimension, and the pieces it makes where it is ragged.
using LoopsOf = LoopStretch DimLoops::*;
using PiecesOf = RaggedDim::Stretch RaggedDim::*;
struct Stretch {
  LoopsOf loops;
  PiecesOf pieces;
};
constexpr Stretch kOutside{&DimLoops::outside, &RaggedDim::outside};
constexpr Stretch kInside{&DimLoops::inside, &RaggedDim::inside};

}  // namespace

/// Evaluates one mapping after the other.
class TrafficEvaluator::Counter {
 public:
  Counter(const LayerNest& l, const Architecture& a) : c_{l, a}, nest_{l, a} {}

  Traffic all(const Mapping& m) {
    w_ = {};
    w_.macs = c_.macs;
    nest_.read(m);
    for (Dim d : nest_.dims)
      if (nest_.of[at(d)].ragged)
        ragged_[at(d)].cut_up(d, nest_.of[at(d)], slides(d, nest_.innermost_outside),
                              slides(d, nest_.innermost_inside));
    outside();
    sums();
    inside();
    ++mappings_;
    return w_;
  }

 private:
  static bool slides(Dim d, Dim innermost) { return d == innermost && is_window(d); }

  /// DRAM to buffer and back.
  void outside() {
    for (Operand t : c_.entering) {
      w_.passes_by[at(t)] = nest_.passes_by[at(t)];
      if (w_.passes_by[at(t)]) continue;
      auto groups = plain_groups(kOutside, t);
      if (t == Operand::Input) add_windows(groups, kOutside, nest_.innermost_outside);
      const auto brought = groups.sum([&](int position) { return repeats(kOutside, t, position); });
      w_.tile_words[at(t)] = brought.words;
      w_.tile_moves[at(t)] = brought.tiles;
      if (t == Operand::Input) w_.input_run = tile_extent(G, t) * tile_extent(C, t);
    }
    w_.passes_by[2] = nest_.passes_by[2];
    const auto left = plain_groups(kOutside, Operand::Output).sum([&](int position) {
      return repeats(kOutside, Operand::Output, position);
    });
    const auto tiles = [&](Dim d) { return nest_.of[at(d)].outside.last(Operand::Output).count; };
    const auto of_channels = tiles(N) * tiles(P) * tiles(Q);
    w_.drained = left.words;
    w_.drained_tiles = left.tiles;
    w_.bias_tiles = tiles(G) * tiles(M) * of_channels;
    w_.bias_words = c_.layer.extent[G] * c_.layer.extent[M] * of_channels;
    w_.tile_words[2] = left.words - c_.outputs;
    w_.tile_moves[2] = left.tiles - w_.bias_tiles;
  }

  /// Of the largest tile of a tensor.
  [[nodiscard]] std::int64_t tile_extent(Dim d, Operand t) const {
    return c_.layer.extent[d] == 1 ? 1 : nest_.of[at(d)].outside.last(t).step;
  }

  /// Groups of a tensor but for windows.
  [[nodiscard]] LoadGroups plain_groups(Stretch s, Operand t) const {
    LoadGroups g;
    for (Dim d : c_.plain[at(t)]) {
      const auto& x = nest_.of[at(d)];
      if (x.ragged) {
        g.add((ragged_[at(d)].*s.pieces).bins[at(t)]);
        continue;
      }
      const auto& loop = (x.*s.loops).last(t);
      g.add(loop.position, c_.layer.extent[d], loop.count);
    }
    return g;
  }

  void add_windows(LoadGroups& g, Stretch s, Dim innermost) {
    for (std::size_t i = 0; i < 2; ++i) {
      const auto [out, tap] = kWindows[i];
      auto& lines = windows_[i];
      if (nest_.of[at(out)].ragged || nest_.of[at(tap)].ragged)
        lines.set(windowed(s, out, innermost, pieces_[0]), windowed(s, tap, innermost, pieces_[1]), c_.steps[i]);
      else
        even_window(s, i, innermost, lines);
      g.add(lines);
    }
  }

  /// Where no loop leaves a remainder: so many pairs of pieces bring their whole window, the others what the pair
  /// before them did not have.
  void even_window(Stretch s, std::size_t i, Dim innermost, LoadBins& lines) const {
    const auto [out, tap] = kWindows[i];
    const auto &x = nest_.of[at(out)].*s.loops, &y = nest_.of[at(tap)].*s.loops;
    const auto &o = x.last(Operand::Input), &t = y.last(Operand::Input);
    const auto pairs = o.count * t.count, window = c_.steps[i].touched(o.step, t.step);
    auto words = pairs * window;
    const auto slid = [&](std::int64_t outs, std::int64_t taps, std::int64_t first) {
      words = first * window + (pairs - first) * (c_.steps[i].touched(outs, taps) - window);
    };
    if (innermost == out)
      slid(2 * o.step, t.step, x.loops[x.used[0] - 1].count * t.count);
    else if (innermost == tap)
      slid(o.step, 2 * t.step, o.count * y.loops[y.used[0] - 1].count);
    lines.clear();
    lines.add(std::max(o.position, t.position), words, pairs);
  }

  /// The pieces of a dimension under windows.
  const Pieces& windowed(Stretch s, Dim d, Dim innermost, Pieces& pieces) const {
    const auto& x = nest_.of[at(d)];
    if (x.ragged) return (ragged_[at(d)].*s.pieces).windowed;
    const auto& stretch = x.*s.loops;
    const auto& loop = stretch.last(Operand::Input);
    pieces.clear();
    const auto first = d == innermost ? stretch.loops[stretch.used[0] - 1].count : loop.count;
    pieces.push_back({.extent = loop.step, .count = first, .position = loop.position});
    if (loop.count > first) pieces.push_back({loop.step, loop.count - first, loop.position, true, loop.step});
    return pieces;
  }

  /// The number of pieces into which loops outside of a position cut the dimensions irrelevant to a tensor.
  [[nodiscard]] std::int64_t repeats(Stretch s, Operand t, int position) const {
    std::int64_t n = 1;
    for (Dim d : c_.irrelevant[at(t)]) n *= (nest_.of[at(d)].*s.loops).before(position).count;
    return n;
  }

  /// Issue slots, and psums from and between PEs. Every pass reads (unless they start there), sums up its chains and
  /// writes each of its outputs once.
  void sums() {
    std::int64_t kept = 1, kept_passes = 1, kept_pes = 1, reduced = 1, passes = 1, pes = 1;
    for (Dim d : kKept) {
      kept *= largest(d);
      kept_passes *= nest_.of[at(d)].pass().count;
      kept_pes *= nest_.of[at(d)].inside.loops.front().count;
    }
    for (Dim d : kReduced) {
      const auto& x = nest_.of[at(d)];
      reduced *= largest(d);
      passes *= x.pass().count;
      pes *= x.inside.loops.front().count;
      w_.chain *= parts_of(x);
    }
    w_.passes = kept_passes * passes;
    w_.pe_passes = kept_pes * pes;
    // In lockstep an incoming psum is what a sum starts from, and takes no slot of its own.
    w_.longest_pe = kept * reduced + (c_.lockstep ? 0 : kept * passes);
    if (c_.lockstep) w_.column_steps = c_.outputs * reduced;
    w_.collected = c_.outputs * passes;
    w_.sent[2] = w_.delivered[2] = c_.outputs * (c_.initial_psums ? passes : passes - 1);
    w_.joins = c_.outputs * pes;
    w_.hops = c_.outputs * (pes - passes);
  }

  /// Extents of the largest PE's part in each pass, together.
  [[nodiscard]] std::int64_t largest(Dim d) const {
    const auto& x = nest_.of[at(d)];
    return x.ragged ? ragged_[at(d)].largest : x.pass().count * x.pe_extent();
  }

  /// PEs over which the largest pass is spread.
  static std::int64_t parts_of(const DimLoops& x) {
    if (x.spatial.size() == 0) return 1;
    if (x.spatial.size() == 1) return ceil_div(x.pass().step, x.spatial.front());
    return std::ssize(parts(x.pass().step, std::span{x.spatial.data(), x.spatial.size()}));
  }

  /// Buffers, or DRAM, to spads.
  void inside() {
    for (Operand t : c_.entering) {
      const auto plain = plain_groups(kInside, t);
      auto delivered = plain;
      if (t == Operand::Input) add_windows(delivered, kInside, nest_.innermost_inside);
      w_.delivered[at(t)] = delivered.sum([&](int position) { return repeats(kInside, t, position); }).words;
      w_.sent[at(t)] = c_.to_each[at(t)] ? w_.delivered[at(t)] : sent(plain, t);
    }
    if (c_.links && nest_.of[at(M)].spatial.empty()) w_.handed_on = w_.delivered[0] - w_.sent[0];
  }

  /// What several PEs want in the same batch is sent once.
  std::int64_t sent(LoadGroups groups, Operand t) {
    if (t == Operand::Input)
      for (std::size_t i = 0; i < 2; ++i) {
        const auto [out, tap] = kWindows[i];
        if (!nest_.of[at(out)].spatial.empty() || !nest_.of[at(tap)].spatial.empty()) share_window(i, windows_[i]);
        groups.add(windows_[i]);  // those delivered, where PEs share none
      }
    return groups.sum([&](int position) { return largest_repeats(t, position); }).words;
  }

  void share_window(std::size_t i, LoadBins& lines) {
    const auto [out, tap] = kWindows[i];
    const auto &out_passes = passes_of(out, pieces_[0]), &tap_passes = passes_of(tap, pieces_[1]);
    lines.clear();
    if (nest_.of[at(out)].inside.used[0] == 0 && nest_.of[at(tap)].inside.used[0] == 0) {  // all in one batch
      for (const auto& p : out_passes)
        for (const auto& r : tap_passes) lines.add(-1, p.count * r.count * c_.steps[i].touched(p.extent, r.extent), 0);
      return;
    }
    const auto out_loops = input_loops(out), tap_loops = input_loops(tap);
    const auto side = [&](Dim d, const Piece& pass, const InlineVector<Cut, 6>& loops) {
      return PassSide{pass.extent, nest_.of[at(d)].spatial, loops};
    };
    for (const auto& p : out_passes)
      for (const auto& r : tap_passes) {
        const auto of_pass = sent_in_pass(side(out, p, out_loops), side(tap, r, tap_loops), c_.steps[i]);
        for (const auto& [position, words] : of_pass.bins()) lines.add(position, words * p.count * r.count, 0);
      }
  }

  const Pieces& passes_of(Dim d, Pieces& one) const {
    const auto& x = nest_.of[at(d)];
    if (x.ragged) return ragged_[at(d)].passes;
    one.clear();
    one.push_back({.extent = x.pass().step, .count = x.pass().count});
    return one;
  }

  /// The loops in a PE that bring ifmap words.
  [[nodiscard]] InlineVector<Cut, 6> input_loops(Dim d) const {
    const auto& stretch = nest_.of[at(d)].inside;
    InlineVector<Cut, 6> loops;
    for (std::size_t i = 1; i <= stretch.used[0]; ++i)
      loops.push_back({.position = stretch.loops[i].position, .step = stretch.loops[i].step});
    if (slides(d, nest_.innermost_inside)) loops.back().slides = true;
    return loops;
  }

  /// Nothing is remembered of the first mapping, which may be the only one.
  Histogram sent_in_pass(const PassSide& out, const PassSide& tap, const WindowStep& step) {
    return mappings_ == 0 ? window_sent(out, tap, step.stride, step.dilation)
                          : sent_windows_.sent(out, tap, step.stride, step.dilation);
  }

  /// How often the largest PE of each pass is brought the same words again.
  [[nodiscard]] std::int64_t largest_repeats(Operand t, int position) const {
    std::int64_t n = 1;
    for (Dim d : c_.irrelevant[at(t)]) {
      const auto& x = nest_.of[at(d)];
      const auto& loop = x.inside.before(position);
      if (x.ragged)
        n *= ragged_repeats(d, position);
      else
        n *= x.spatial.empty() ? loop.count : x.pass().count * (x.pe_extent() / loop.step);
    }
    return n;
  }

  [[nodiscard]] std::int64_t ragged_repeats(Dim d, int position) const {
    const auto& x = nest_.of[at(d)];
    std::int64_t n = 0;
    for (const auto& pass : ragged_[at(d)].passes) {
      const auto part = x.spatial.empty() ? pass.extent : std::min(pass.extent, x.spatial.back());
      n += pass.count * cut_count(part, x.inside, position);
    }
    return n;
  }

  /// The number of pieces into which loops outside of a position cut an extent.
  static std::int64_t cut_count(std::int64_t extent, const LoopStretch& stretch, int position, std::size_t from = 1) {
    std::int64_t times = 1, rests = 0;
    for (std::size_t i = from; i < stretch.loops.size() && stretch.loops[i].position < position; ++i) {
      const auto step = stretch.loops[i].step;
      if (extent <= step) continue;
      if (const auto rest = extent % step; rest > 0) rests += times * cut_count(rest, stretch, position, i + 1);
      times *= extent / step;
      extent = step;
    }
    return times + rests;
  }

  const Constants c_;
  NestLoops nest_;
  std::array<RaggedDim, kDims> ragged_;
  std::array<LoadBins, 2> windows_;  ///< rows, columns
  std::array<Pieces, 2> pieces_;     ///< room for those of an output and a filter dimension
  SentWindows sent_windows_;
  std::int64_t mappings_ = 0;
  Traffic w_;
};

TrafficEvaluator::TrafficEvaluator(const LayerNest& l, const Architecture& a)
    : counter_{std::make_unique<Counter>(l, a)} {}
TrafficEvaluator::~TrafficEvaluator() = default;
TrafficEvaluator::TrafficEvaluator(TrafficEvaluator&&) noexcept = default;
TrafficEvaluator& TrafficEvaluator::operator=(TrafficEvaluator&&) noexcept = default;

Traffic TrafficEvaluator::traffic(const Mapping& m) { return counter_->all(m); }

}  // namespace eyrie
