#pragma once

// Internal to dataflows: the sum at the head of traffic.hpp, over lists short enough to lie on the stack.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/inline_vector.hpp"
#include "dataflows/pieces.hpp"

namespace eyrie {

/// What is brought: words, and in how many tiles.
struct Loads {
  std::int64_t words = 0, tiles = 0;
};

/// Words and tiles of one group of dimensions by the position of the innermost loop that cut them from others, sorted.
class LoadBins {
 public:
  struct Bin {
    int position = -1;
    Loads loads;
  };
  void add(int position, std::int64_t words, std::int64_t tiles) {
    if (bins_.empty()) return bins_.push_back({position, {words, tiles}});
    std::size_t i = bins_.size();
    while (i > 0 && bins_[i - 1].position > position) --i;
    if (i == 0 || bins_[i - 1].position != position) return bins_.insert(i, {position, {words, tiles}});
    bins_[i - 1].loads.words += words;
    bins_[i - 1].loads.tiles += tiles;
  }
  /// Extents and number of pieces, and nothing else.
  void set(const Pieces& pieces) {
    bins_.clear();
    for (const auto& p : pieces) add(p.position, p.count * p.extent, p.count);
  }
  /// Lines of windows, and their number, and nothing else.
  void set(const Pieces& out, const Pieces& tap, const WindowStep& step) {
    bins_.clear();
    for (const auto& o : out)
      for (const auto& t : tap) {
        const auto pairs = o.count * t.count;
        add(o.position > t.position ? o.position : t.position, pairs * lines(o, t, step), pairs);
      }
  }
  void clear() { bins_.clear(); }
  [[nodiscard]] const InlineVector<Bin, 4>& bins() const { return bins_; }

 private:
  InlineVector<Bin, 4> bins_;
};

/// Groups of dimensions, multiplied out as far as they can be without looking at positions one by one.
class LoadGroups {
 public:
  /// One cut evenly by a loop at a position.
  void add(int position, std::int64_t words, std::int64_t tiles) {
    position_ = std::max(position_, position);
    even_.words *= words;
    even_.tiles *= tiles;
  }
  void add(const LoadBins& group) {
    const auto& first = group.bins().front();
    position_ = std::max(position_, first.position);
    if (group.bins().size() == 1) return add(first.position, first.loads.words, first.loads.tiles);
    position_ = std::max(position_, first.position);
    ragged_[size_++] = &group;
  }

  /// The sum. `repeats(position)` is the number of pieces into which loops outside of a position cut the dimensions
  /// that make no difference to the tensor.
  template <class Repeats>
  [[nodiscard]] Loads sum(Repeats repeats) const {
    if (size_ == 0) {
      const auto times = repeats(position_);
      return {even_.words * times, even_.tiles * times};
    }
    Loads all, before;
    for (int position = position_; position != kNone;) {
      const auto [up_to, next] = at(position);
      const auto again = repeats(position);
      all.words += (up_to.words - before.words) * again;
      all.tiles += (up_to.tiles - before.tiles) * again;
      before = up_to;
      position = next;
    }
    return all;
  }

 private:
  static constexpr int kNone = std::numeric_limits<int>::max();

  /// The product of what loops up to a position cut, and the next position at which it changes.
  [[nodiscard]] std::pair<Loads, int> at(int position) const {
    Loads up_to = even_;
    int next = kNone;
    for (std::size_t i = 0; i < size_; ++i) {
      Loads here;
      for (const auto& bin : ragged_[i]->bins()) {
        if (bin.position > position) {
          next = std::min(next, bin.position);
          break;
        }
        here.words += bin.loads.words;
        here.tiles += bin.loads.tiles;
      }
      up_to.words *= here.words;
      up_to.tiles *= here.tiles;
    }
    return {up_to, next};
  }

  Loads even_{1, 1};                       ///< of groups that come at one position each
  int position_ = -1;                      ///< of the outermost loop that brings anything
  std::array<const LoadBins*, 5> ragged_;  ///< at most one a dimension, and one a window
  std::size_t size_ = 0;
};

}  // namespace eyrie
