#include "mapper/pe_nest.hpp"

#include <algorithm>

#include "dataflows/legality.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

const Extents& PeNestChoice::input_tile() const {
  return tile[static_cast<std::size_t>(std::ranges::find(order, Input) - order.begin())];
}

std::vector<std::int64_t> PeNestChoice::window_cuts(Dim d, std::int64_t part) const {
  std::vector<std::int64_t> cuts;
  for (std::size_t k = 0; k < 3; ++k) {
    if (tile[k][d] < part) cuts.push_back(part = tile[k][d]);
    if (order[k] == Input) break;
  }
  return cuts;
}

namespace {

/// Tensor to which moving along a dimension makes no difference; none for G.
std::optional<Operand> indifferent(Dim d) {
  for (Operand t : kAllOperands)
    if (!is_relevant(d, t)) return t;
  return std::nullopt;
}

class Nests {
 public:
  Nests(const Extents& part, const LayerNest& l, const Architecture& a) : part_{part}, l_{l}, a_{a} {}

  void add(const std::array<Operand, 3>& order) {
    order_ = order;
    input_ = place(Input);
    choose(0);
  }
  std::vector<PeNestChoice> done() && { return std::move(all_); }

 private:
  /// Dimensions whose extent in the ifmap tile is a choice.
  static constexpr std::array kChosen{N, C, P, R, Q, S};

  std::size_t place(Operand t) const { return static_cast<std::size_t>(std::ranges::find(order_, t) - order_.begin()); }
  /// Where a dimension may begin to be cut: inside the keep of the tensor that it makes no difference to.
  std::size_t first_cut(Dim d) const {
    const auto t = indifferent(d);
    return t ? place(*t) + 1 : 0;
  }

  void choose(std::size_t i) {
    if (i == kChosen.size()) return build();
    const Dim d = kChosen[i];
    const auto from = first_cut(d);
    const bool window = d != N && d != C;
    for (auto& tile : wanted_) tile[d] = part_[d];
    if (part_[d] == 1 || input_ < from) return choose(i + 1);
    for (std::int64_t e = part_[d]; e >= 1; e = window ? e - 1 : (e == 1 ? 0 : 1)) {
      wanted_[input_][d] = e;
      if (window && !handed_on_ && touches(i) > a_.spad(Input)->depth.count()) continue;
      outer_extents(i, input_, from);
    }
    wanted_[input_][d] = part_[d];
  }

  /// A window's extents at the keeps outside of the ifmap's, where it may be cut already: any from the one inside up.
  void outer_extents(std::size_t i, std::size_t k, std::size_t from) {
    const Dim d = kChosen[i];
    if (k == from) return choose(i + 1);
    const auto inside = wanted_[k][d];
    const bool window = d != N && d != C;
    wanted_[k - 1][d] = inside;
    outer_extents(i, k - 1, from);
    // Only the loop that slides has a reason to be cut late.
    const auto before = late_;
    const auto most = window && (!late_ || late_ == d) ? part_[d] : inside;
    late_ = d;
    for (auto e = inside + 1; e <= most && e <= a_.spad(order_[k - 1])->depth.count(); ++e) {
      wanted_[k - 1][d] = e;
      outer_extents(i, k - 1, from);
    }
    late_ = before;
    wanted_[k - 1][d] = part_[d];
  }

  /// Words of the ifmap tile at least, dimensions up to the i-th being chosen.
  std::int64_t touches(std::size_t i) const {
    const auto of = [&](Dim d) {
      const auto k = static_cast<std::size_t>(std::ranges::find(kChosen, d) - kChosen.begin());
      return k <= i ? wanted_[input_][d] : 1;
    };
    return of(N) * of(C) * touched(of(P), of(R), l_.stride.rows, l_.dilation.rows) *
           touched(of(Q), of(S), l_.stride.columns, l_.dilation.columns);
  }

  /// The smallest tiles that go with the chosen ifmap tile: as early and as far in as they may, dimensions are cut.
  void build() {
    PeNestChoice c{.order = order_, .tile = {}, .slide = {}};
    for (Dim d : kAllDims) {
      const auto from = first_cut(d);
      for (std::size_t k = 0; k < 3; ++k) {
        const bool chosen = std::ranges::count(kChosen, d) > 0;
        c.tile[k][d] = k < from ? part_[d] : chosen && k <= input_ ? wanted_[k][d] : 1;
      }
    }
    if (!fits(c)) return;
    const auto slides = slide_choices(c);
    if (slides.empty() && !late_) keep_best(c);
    for (Dim d : slides) {
      if (late_ && late_ != d) continue;
      c.slide = d;
      keep_best(c);
    }
  }

  bool fits(const PeNestChoice& c) const {
    for (std::size_t k = 0; k < 3; ++k)
      if ((order_[k] != Weight || l_.has_weights()) &&
          spad_words(c.tile[k], l_, a_, order_[k]) > a_.spad(order_[k])->depth)
        return false;
    return true;
  }

  /// Windows cut by a loop in the innermost place that has loops over ifmap words, above the ifmap tile.
  std::vector<Dim> slide_choices(const PeNestChoice& c) const {
    for (std::size_t k = input_ + 1; k-- > 0;) {
      const Extents& outside = k == 0 ? part_ : c.tile[k - 1];
      bool any = false;
      std::vector<Dim> windows;
      for (Dim d : kAllDims)
        if (is_relevant(d, Input) && c.tile[k][d] < outside[d]) {
          any = true;
          if (d == P || d == Q || d == R || d == S) windows.push_back(d);
        }
      if (any) return windows;
    }
    return {};
  }

  /// Of nests with the same slide, one whose window cuts are all coarser makes the other needless. Cuts are compared
  /// from the ifmap's keep outwards; keeps that one nest has more of count as uncut.
  void keep_best(const PeNestChoice& c) {
    const auto coarser = [&](const PeNestChoice& a, const PeNestChoice& b) {
      return a.slide == b.slide && std::ranges::all_of(std::array{P, Q, R, S}, [&](Dim d) {
               const auto x = a.window_cuts(d, part_[d]), y = b.window_cuts(d, part_[d]);
               return x == y || (x.size() <= 1 && y.size() <= 1 &&
                                 (x.empty() ? part_[d] : x.front()) >= (y.empty() ? part_[d] : y.front()));
             });
    };
    if (std::ranges::any_of(all_, [&](const PeNestChoice& have) { return coarser(have, c); })) return;
    std::erase_if(all_, [&](const PeNestChoice& have) { return coarser(c, have); });
    all_.push_back(c);
  }

  const Extents& part_;
  const LayerNest& l_;
  const Architecture& a_;
  const bool handed_on_ = a_.network(NocRole::Forward, Input) != nullptr;  ///< windows need less than their words
  std::array<Operand, 3> order_{};
  std::size_t input_ = 0;
  std::optional<Dim> late_;
  KeptExtents wanted_;  ///< at each keep from the first that may cut to the ifmap's
  std::vector<PeNestChoice> all_;
};

}  // namespace

std::vector<PeNestChoice> pe_nests(const Extents& part, const LayerNest& l, const Architecture& a,
                                   const Dataflow& flow) {
  if (a.array.lockstep.steps > 0 && part.product() > a.array.lockstep.steps) return {};
  Nests nests{part, l, a};
  for (const auto& order :
       {std::array{Weight, Output, Input}, std::array{Weight, Input, Output}, std::array{Output, Weight, Input},
        std::array{Output, Input, Weight}, std::array{Input, Weight, Output}, std::array{Input, Output, Weight}}) {
    if (!l.has_weights() && order[0] != Weight) continue;  // filters take no place
    const Operand longest = l.has_weights() ? order[0] : order[1];
    if (flow.longest && longest != *flow.longest && (*flow.longest != Weight || l.has_weights())) continue;
    nests.add(order);
  }
  return std::move(nests).done();
}

}  // namespace eyrie
