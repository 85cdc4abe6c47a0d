#include "mapper/outer.hpp"

#include <algorithm>

#include "base/inline_vector.hpp"
#include "dataflows/pieces.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

std::size_t at(Operand t) { return static_cast<std::size_t>(t); }
std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

/// Whole banks of each partition for tiles.
class Banks {
 public:
  Banks() = default;
  Banks(const std::array<bool, 3>& absent, const Architecture& a) {
    for (const auto& buffer : a.buffers)
      for (const auto& p : buffer.partitions) {
        const auto number = left_.size();
        for (Operand t : p.tensors) {
          if (absent[at(t)]) continue;
          if (left_.size() == number) left_.push_back(p.banks);
          tensors_.push_back({at(t), number, buffer.bank.count() * 8 / a.width(t).count(),
                              p.double_buffered ? std::int64_t{2} : std::int64_t{1}});
        }
      }
  }
  [[nodiscard]] bool suffice(const std::array<std::int64_t, 3>& words) const {
    std::array<std::int64_t, 3> taken{};  // a tensor has one partition
    for (const auto& t : tensors_) {
      taken[t.partition] += ceil_div(words[t.tensor], t.words_a_bank) * t.tiles;
      if (taken[t.partition] > left_[t.partition]) return false;
    }
    return true;
  }

 private:
  struct Held {
    std::size_t tensor, partition;
    std::int64_t words_a_bank, tiles;
  };
  InlineVector<Held, 3> tensors_;
  InlineVector<std::int64_t, 3> left_;
};

class Search {
 public:
  Search(const PassOutline& pass, const LayerNest& l, const Architecture& a, KnownChains& known,
         const std::function<bool(const TileWords&)>& worth, const std::function<void(const OuterChoice&)>& offer)
      : pass_{pass}, l_{l}, known_{known}, worth_{worth}, offer_{offer}, asks_{a.dram.request.count() > 0} {
    absent_ = pass.passes_by;
    absent_[at(Weight)] = absent_[at(Weight)] || !l.has_weights();
    banks_ = Banks{absent_, a};
    for (Dim d : kAllDims)
      for (std::int64_t k = 1; k <= pass.passes[d]; ++k)
        if (pass.passes[d] % k == 0) units_[at(d)].push_back(k);
    least_ = least_words(l, absent_);
    // Dimensions with most choices last, so that bounds cut early.
    for (Dim d : kAllDims)
      if (pass.passes[d] > 1) dims_.push_back(d);
    std::ranges::stable_sort(dims_, {}, [&](Dim d) { return units_[at(d)].size() * (is_window(d) ? 4 : 1); });
    std::ranges::stable_partition(dims_, [](Dim d) { return !is_window(d); });
  }

  std::int64_t run() {
    std::array<Operand, 3> order{Output, Input, Weight};
    std::vector<std::array<Operand, 3>> seen;
    std::ranges::sort(order);
    do {
      auto present = order;
      std::ranges::stable_partition(present, [&](Operand t) { return !absent_[at(t)]; });
      if (std::ranges::count(seen, present) > 0) continue;
      seen.push_back(present);
      order_ = present;
      begin();
    } while (std::ranges::next_permutation(order).found);
    return weighed_;
  }

 private:
  void begin() {
    present_ = static_cast<std::size_t>(std::ranges::count(absent_, false));
    choice_ = OuterChoice{.order = order_, .tile = {}, .slide = {}, .words = {}};
    for (auto& tile : choice_.tile) tile = pass_.extent;
    for (Dim d : dims_) chains_[at(d)] = &chains(d);
    again_ = {1, 1, 1};
    enter(0);
  }

  std::size_t place(Operand t) const { return static_cast<std::size_t>(std::ranges::find(order_, t) - order_.begin()); }
  std::int64_t extent(Dim d, std::int64_t units) const { return std::min(l_.extent[d], units * pass_.extent[d]); }

  /// The tensor to which a dimension makes no difference, if it has a tile.
  std::optional<Operand> indifferent(Dim d) const {
    for (Operand t : kAllOperands)
      if (!is_relevant(d, t) && !absent_[at(t)]) return t;
    return std::nullopt;
  }

  const std::vector<Chain>& chains(Dim d) {
    const auto t = indifferent(d);
    const bool input = !absent_[at(Input)] && is_relevant(d, Input);
    const auto k_t = t ? place(*t) : SIZE_MAX;
    const auto k_i = input ? place(Input) : SIZE_MAX;
    const auto place_of = [](std::size_t k) { return k == SIZE_MAX ? -1 : static_cast<std::int64_t>(k); };
    const auto [it, fresh] = known_.try_emplace(
        {static_cast<std::int64_t>(at(d)), pass_.extent[d], pass_.passes[d], place_of(k_t), place_of(k_i)});
    if (!fresh) return it->second;
    it->second = is_window(d) && input ? window_chains(d, k_t, k_i) : plain_chains(d, k_t, k_i);
    std::ranges::stable_sort(it->second, [](const Chain& a, const Chain& b) {
      return a.again != b.again ? a.again < b.again : a.extent > b.extent;
    });
    return it->second;
  }

  /// What may be left of a dimension at the ifmap's keep if x is left at the keep of the tensor that d is irrelevant
  /// to: all that can be told apart by requests, else all or one pass.
  std::vector<std::int64_t> left_at_input(Dim d, std::int64_t x, std::size_t k_t, std::size_t k_i) const {
    const bool t = k_t != SIZE_MAX, before = t && k_i < k_t;
    if (k_i == SIZE_MAX) return {1};
    if (asks_ && (d == G || d == C)) {
      std::vector<std::int64_t> all;
      for (auto y : units_[at(d)])
        if (before ? y % x == 0 : x % y == 0) all.push_back(y);
      return all;
    }
    if (d == G || x == 1) return {1};
    return before ? std::vector<std::int64_t>{x} : std::vector<std::int64_t>{1, x};
  }

  /// Cut as early and as far as may be; behind the keep of the tensor that d is irrelevant to, ifmap tiles may also be
  /// left as they are, so that a window can slide there.
  std::vector<Chain> plain_chains(Dim d, std::size_t k_t, std::size_t k_i) const {
    std::vector<Chain> all;
    const auto total = pass_.passes[d];
    const bool t = k_t != SIZE_MAX, input = k_i != SIZE_MAX;
    for (auto x : t ? units_[at(d)] : std::vector<std::int64_t>{total}) {
      for (auto y : left_at_input(d, x, k_t, k_i)) {
        Chain c;
        c.again = t ? total / x : 1;
        for (std::size_t k = 0; k < 3; ++k) {
          std::int64_t units = 1;
          if (t && k <= k_t) units = x;
          if (input && k <= k_i) units = std::max(units, y);
          c.extent[k] = extent(d, units);
        }
        all.push_back(c);
      }
    }
    return all;
  }

  /// All extents inside each other up to the ifmap's keep and the one of the tensor that d is irrelevant to.
  std::vector<Chain> window_chains(Dim d, std::size_t k_t, std::size_t k_i) const {
    std::vector<Chain> all;
    const auto total = pass_.passes[d];
    const auto last = k_t == SIZE_MAX ? k_i : std::max(k_t, k_i);
    for (auto e0 : units_[at(d)])
      for (auto e1 : units_[at(d)])
        for (auto e2 : units_[at(d)]) {
          const std::array e{e0, e1, e2};
          if (e0 % e1 != 0 || e1 % e2 != 0 || (last < 2 && e2 != 1) || (last < 1 && e1 != 1)) continue;
          Chain c;
          c.again = k_t == SIZE_MAX ? 1 : total / e[k_t];
          for (std::size_t k = 0; k < 3; ++k) {
            c.extent[k] = extent(d, e[k]);
            const auto earliest = std::max(k_t != SIZE_MAX && k <= k_t ? e[k_t] : 1, k <= k_i ? e[k_i] : 1);
            c.late = c.late || e[k] > earliest;
          }
          all.push_back(c);
        }
    return all;
  }

  void enter(std::size_t i) {
    if (!fits()) return;
    if (!worth_(bound(i))) return;
    if (i == dims_.size()) return finish();
    const Dim d = dims_[i];
    const auto t = indifferent(d);
    for (const Chain& c : *chains_[at(d)]) {
      if (c.late && late_) continue;
      const auto before = late_;
      if (c.late) late_ = d;
      for (std::size_t k = 0; k < 3; ++k) choice_.tile[k][d] = c.extent[k];
      if (t) again_[at(*t)] *= c.again;
      enter(i + 1);
      if (t) again_[at(*t)] /= c.again;
      late_ = before;
    }
    for (auto& tile : choice_.tile) tile[d] = pass_.extent[d];
  }

  bool fits() const {
    std::array<std::int64_t, 3> words{};
    for (std::size_t k = 0; k < present_; ++k) words[at(order_[k])] = l_.tile_words(order_[k], choice_.tile[k]).count();
    return banks_.suffice(words);
  }

  /// With the first dimensions chosen.
  TileWords bound(std::size_t chosen) const {
    TileWords words{least_.input * again_[0], least_.weight * again_[1], least_.outputs * again_[2], least_.run};
    if (!asks_ || absent_[at(Input)]) return words;
    const auto& tile = choice_.tile[place(Input)];
    for (std::size_t i = 0; i < chosen; ++i)
      if (dims_[i] == G || dims_[i] == C) words.run = words.run / l_.extent[dims_[i]] * tile[dims_[i]];
    return words;
  }

  void finish() {
    ++weighed_;
    choice_.words = bound(dims_.size());
    choice_.slide.reset();
    if (!absent_[at(Input)] && !choose_slide()) return;
    if (worth_(choice_.words)) offer_(choice_);
  }

  /// Ifmap words with the best of the loops along which tiles may slide. False if a dimension was cut late for nothing.
  bool choose_slide() {
    const auto input = place(Input);
    std::vector<Dim> slides;
    for (std::size_t k = input + 1; k-- > 0;) {
      const Extents& outside = k == 0 ? l_.extent : choice_.tile[k - 1];
      bool any = false;
      for (Dim d : kAllDims)
        if (is_relevant(d, Input) && choice_.tile[k][d] < outside[d]) {
          any = true;
          if (is_window(d)) slides.push_back(d);
        }
      if (any) break;
    }
    if (late_) {
      if (std::ranges::count(slides, *late_) == 0) return false;
      slides = {*late_};
    }
    auto best = input_words(std::nullopt);
    for (Dim d : slides)
      if (const auto words = input_words(d); words < best || !choice_.slide) {
        best = words;
        choice_.slide = d;
      }
    choice_.words.input = best * again_[at(Input)];
    return true;
  }

  std::int64_t input_words(std::optional<Dim> slide) const {
    return l_.extent[G] * l_.extent[N] * l_.extent[C] * lines(P, R, l_.stride.rows, l_.dilation.rows, slide) *
           lines(Q, S, l_.stride.columns, l_.dilation.columns, slide);
  }

  std::int64_t lines(Dim out, Dim tap, std::int64_t stride, std::int64_t dilation, std::optional<Dim> slide) const {
    const auto h = window_histogram(pieces(out, slide), pieces(tap, slide), stride, dilation);
    return h.up_to(static_cast<int>(kDims));
  }

  Pieces pieces(Dim d, std::optional<Dim> slide) const {
    std::vector<Cut> cuts;
    auto outside = l_.extent[d];
    for (std::size_t k = 0; k <= place(Input); ++k)
      if (choice_.tile[k][d] < outside) {
        outside = choice_.tile[k][d];
        cuts.push_back({static_cast<int>(k), outside, false});
      }
    if (!cuts.empty() && slide == d) cuts.back().slides = true;
    return cut({{.extent = l_.extent[d]}}, cuts);
  }

  const PassOutline& pass_;
  const LayerNest& l_;
  Banks banks_;
  KnownChains& known_;
  const std::function<bool(const TileWords&)>& worth_;
  const std::function<void(const OuterChoice&)>& offer_;
  bool asks_;  ///< for pixels one by one
  std::array<bool, 3> absent_{};
  std::size_t present_ = 3;
  std::array<std::vector<std::int64_t>, kDims> units_;
  std::array<const std::vector<Chain>*, kDims> chains_{};
  std::vector<Dim> dims_;
  std::array<Operand, 3> order_{};
  std::array<std::int64_t, 3> again_{1, 1, 1};
  std::optional<Dim> late_;
  TileWords least_;
  OuterChoice choice_;
  std::int64_t weighed_ = 0;
};

}  // namespace

std::int64_t outer_choices(const PassOutline& pass, const LayerNest& l, const Architecture& a, KnownChains& known,
                           const std::function<bool(const TileWords&)>& worth,
                           const std::function<void(const OuterChoice&)>& offer) {
  return Search{pass, l, a, known, worth, offer}.run();
}

TileWords least_words(const LayerNest& l, const std::array<bool, 3>& passes_by) {
  const auto words = [&](Operand t) {
    return passes_by[at(t)] || (t == Weight && !l.has_weights()) ? 0 : l.tile_words(t, l.extent).count();
  };
  TileWords least{words(Input), words(Weight), words(Output), passes_by[at(Input)] ? 0 : l.extent[G] * l.extent[C]};
  if (passes_by[at(Output)]) least.outputs = l.tile_words(Output, l.extent).count();
  return least;
}

bool pass_fits(const PassOutline& pass, const LayerNest& l, const Architecture& a) {
  std::array<std::int64_t, 3> words{};
  for (Operand t : kAllOperands) words[at(t)] = l.tile_words(t, pass.extent).count();
  auto absent = pass.passes_by;
  absent[at(Weight)] = absent[at(Weight)] || !l.has_weights();
  if (absent[at(Output)])
    for (Dim d : {C, R, S})
      if (pass.passes[d] > 1) return false;
  return Banks{absent, a}.suffice(words);
}

}  // namespace eyrie
