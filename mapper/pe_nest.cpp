#include "mapper/pe_nest.hpp"

#include <algorithm>

namespace eyrie {

using enum Dim;
using enum Operand;

const Extents& PeNestChoice::input_tile() const {
  return tile[static_cast<std::size_t>(std::ranges::find(order, Input) - order.begin())];
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
    if (!t || (*t == Weight && !l_.has_weights())) return 0;
    return place(*t) + 1;
  }

  void choose(std::size_t i) {
    if (i == kChosen.size()) return build();
    const Dim d = kChosen[i];
    if (part_[d] == 1 || input_ < first_cut(d)) {
      wanted_[d] = part_[d];
      return choose(i + 1);
    }
    const bool window = d != N && d != C;
    for (std::int64_t e = part_[d]; e >= 1; e = window ? e - 1 : (e == 1 ? 0 : 1)) {
      wanted_[d] = e;
      if (window && touches(i) > a_.spad(Input)->depth.count()) continue;
      choose(i + 1);
    }
  }

  /// Words of the ifmap tile at least, dimensions up to the i-th being chosen.
  std::int64_t touches(std::size_t i) const {
    const auto of = [&](Dim d) {
      const auto k = static_cast<std::size_t>(std::ranges::find(kChosen, d) - kChosen.begin());
      return k <= i ? wanted_[d] : 1;
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
        c.tile[k][d] = k < from ? part_[d] : chosen && k <= input_ ? wanted_[d] : 1;
      }
    }
    if (!fits(c)) return;
    const auto slides = slide_choices(c);
    if (slides.empty()) keep_best(c);
    for (Dim d : slides) {
      c.slide = d;
      keep_best(c);
    }
  }

  bool fits(const PeNestChoice& c) const {
    for (std::size_t k = 0; k < 3; ++k)
      if ((order_[k] != Weight || l_.has_weights()) && l_.tile_words(order_[k], c.tile[k]) > a_.spad(order_[k])->depth)
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

  /// Of nests with the same slide, one whose window cuts are all coarser makes the other needless.
  void keep_best(const PeNestChoice& c) {
    const auto coarser = [](const PeNestChoice& a, const PeNestChoice& b) {
      return a.slide == b.slide &&
             std::ranges::all_of(std::array{P, Q, R, S}, [&](Dim d) { return a.input_tile()[d] >= b.input_tile()[d]; });
    };
    if (std::ranges::any_of(all_, [&](const PeNestChoice& have) { return coarser(have, c); })) return;
    std::erase_if(all_, [&](const PeNestChoice& have) { return coarser(c, have); });
    all_.push_back(c);
  }

  const Extents& part_;
  const LayerNest& l_;
  const Architecture& a_;
  std::array<Operand, 3> order_{};
  std::size_t input_ = 0;
  Extents wanted_;
  std::vector<PeNestChoice> all_;
};

}  // namespace

std::vector<PeNestChoice> pe_nests(const Extents& part, const LayerNest& l, const Architecture& a,
                                   const Dataflow& flow) {
  Nests nests{part, l, a};
  for (const auto& order :
       {std::array{Weight, Output, Input}, std::array{Weight, Input, Output}, std::array{Output, Weight, Input},
        std::array{Output, Input, Weight}, std::array{Input, Weight, Output}, std::array{Input, Output, Weight}}) {
    if (flow.longest && order[0] != *flow.longest && (*flow.longest != Weight || l.has_weights())) continue;
    nests.add(order);
  }
  return std::move(nests).done();
}

}  // namespace eyrie
