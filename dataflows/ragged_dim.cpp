#include "dataflows/ragged_dim.hpp"

#include <array>
#include <span>

namespace eyrie {

/// The tensors that a dimension is part of other than by a window.
static std::span<const Operand> plain_in(Dim d) {
  using enum Operand;
  static constexpr std::array kAll{Input, Weight, Output}, kInputOutput{Input, Output, Input};
  static constexpr std::array kInputWeight{Input, Weight, Input}, kWeightOutput{Weight, Output, Weight};
  switch (d) {
    case Dim::G:
      return kAll;
    case Dim::N:
      return std::span{kInputOutput}.first(2);
    case Dim::C:
      return std::span{kInputWeight}.first(2);
    case Dim::M:
      return std::span{kWeightOutput}.first(2);
    case Dim::P:
    case Dim::Q:
      return std::span{kWeightOutput}.subspan(1, 1);
    case Dim::R:
    case Dim::S:
      return std::span{kWeightOutput}.first(1);
  }
  return {};
}

static std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

void RaggedDim::cut_up(Dim d, DimLoops& loops, bool slides_outside, bool slides_inside) {
  all_.clear();
  all_.push_back({.extent = loops.outside.loops.front().step});
  cut_stretch(d, loops.outside, slides_outside, outside);
  passes.clear();
  largest = 0;
  for (const auto& p : all_) {
    add(passes, {.extent = p.extent, .count = p.count});
    largest += p.count * std::min(p.extent, loops.pe_extent());
  }
  all_ = passes;
  for (auto step : loops.spatial) cut_all(step, -1);
  cut_stretch(d, loops.inside, slides_inside, inside);
}

/// In place: the first piece, the largest, becomes what is cut off whole; remainders stay where their pieces were.
void RaggedDim::cut_all(std::int64_t step, int position) {
  auto& whole = all_.front();
  const Piece first = whole;
  whole = {.extent = step, .count = first.count * (first.extent / step), .position = position};
  std::size_t kept = 1;
  for (std::size_t i = 1; i < all_.size(); ++i) {
    const Piece p = all_[i];
    if (p.extent <= step) {
      all_[kept++] = p;
      continue;
    }
    whole.count += p.count * (p.extent / step);
    if (const auto rest = p.extent % step; rest > 0)
      all_[kept++] = {.extent = rest, .count = p.count, .position = position};
  }
  all_.shrink(kept);
  if (const auto rest = first.extent % step; rest > 0)
    all_.push_back({.extent = rest, .count = first.count, .position = position});
}

void RaggedDim::cut_stretch(Dim d, LoopStretch& stretch, bool slides, Stretch& made) {
  const bool windowed = is_window(d);
  const auto plain = plain_in(d);
  for (std::size_t i = 0; i < stretch.loops.size(); ++i) {
    auto& loop = stretch.loops[i];
    const bool slides_here = slides && i == stretch.used[0];
    if (slides_here) cut(all_, {loop.position, loop.step, true}, made.windowed);
    if (i > 0) cut_all(loop.step, loop.position);
    loop.count = count(all_);
    if (windowed && !slides_here && i == stretch.used[0]) made.windowed = all_;
    for (Operand t : plain)
      if (i == stretch.used[at(t)]) made.bins[at(t)].set(all_);
  }
}

}  // namespace eyrie
