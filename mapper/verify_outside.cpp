// The loops outside the array, for mapper/verify_nests.hpp.

#include <algorithm>

#include "dataflows/pieces.hpp"
#include "mapper/verify_nests.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
std::size_t at(Operand t) { return static_cast<std::size_t>(t); }
constexpr std::array kPlaced{P, R, Q, S, N, C, M, G};  ///< windows first: their overlaps cost words

/// One dimension outside the array: extents inside the keeps.
struct Nested {
  std::array<std::int64_t, 3> extent{};
  std::int64_t again = 1;  ///< iterations outside the keep of the tensor that it is irrelevant to
  int last = -1;           ///< keeps outside its innermost loop above the ifmap's keep; -1: no loop there
};

/// Lines of a window (rows or columns) that all tiles bring, by the loop that slides.
struct Lines {
  std::int64_t still = 0, out = 0, tap = 0;
  [[nodiscard]] std::int64_t least() const { return std::min({still, out, tap}); }
};

class Outside {
 public:
  Outside(const OptionVector& options, std::array<bool, 3> passes_by, const LayerNest& l, const Architecture& a,
          const std::function<bool(const TileCount&)>& hopeful, const std::function<void(const KeptNest&)>& offer)
      : options_{options}, l_{l}, a_{a}, hopeful_{hopeful}, offer_{offer}, drains_by_{passes_by[at(Output)]} {
    for (Operand t : kAllOperands)
      if (!passes_by[at(t)] && (t != Weight || l.has_weights())) now_.order.push_back(t);
    images_ = l.extent[G] * l.extent[N] * l.extent[C];
    for (Operand t : kAllOperands) once_[at(t)] = l.tile_words(t, l.extent).count();
  }

  void run() {
    std::ranges::sort(now_.order);
    do {
      input_ = now_.place(Input);
      for (Dim d : kAllDims) {
        all_[at(d)] = nested(d);
        place(d, all_[at(d)].front());  // the first is one pass at every keep
      }
      again_ = {1, 1, 1};
      rows_ = {lines_least(P, R), 0, 0};
      rows_.out = rows_.tap = rows_.still;
      columns_ = {lines_least(Q, S), 0, 0};
      columns_.out = columns_.tap = columns_.still;
      if (fits()) enter(0);
    } while (std::ranges::next_permutation(now_.order).found);
  }

 private:
  bool kept(Operand t) const { return now_.place(t) < now_.order.size(); }

  std::vector<Nested> nested(Dim d) const {
    const auto passes = options_[at(d)].passes;
    std::vector<Nested> all;
    std::array<std::int64_t, 3> units{1, 1, 1};
    const auto choose = [&](const auto& self, std::size_t keeps_left, std::int64_t least) -> void {
      if (keeps_left == 0) return all.push_back(described(d, units));
      for (auto n = least; n <= passes; n += least) {
        if (passes % n != 0) continue;
        units[keeps_left - 1] = n;
        self(self, keeps_left - 1, n);
      }
    };
    choose(choose, now_.order.size(), 1);
    return all;
  }

  Nested described(Dim d, const std::array<std::int64_t, 3>& units) const {
    Nested n;
    const auto& option = options_[at(d)];
    auto outside = option.passes;
    for (std::size_t k = 0; k < now_.order.size(); ++k) {
      n.extent[k] = std::min(l_.extent[d], units[k] * option.pass);
      if (!is_relevant(d, now_.order[k])) n.again = option.passes / units[k];
      if (k <= input_ && kept(Input) && units[k] < outside) n.last = static_cast<int>(k);
      outside = units[k];
    }
    return n;
  }

  void place(Dim d, const Nested& n) {
    chosen_[at(d)] = &n;
    for (std::size_t k = 0; k < now_.order.size(); ++k) now_.tile[k][d] = n.extent[k];
  }

  void enter(std::size_t i) {
    if (!hopeful_(count(std::min(rows_.least() * columns_.still, rows_.still * columns_.least())))) return;
    if (i == kPlaced.size()) return finish();
    const Dim d = kPlaced[i];
    std::int64_t& again = again_[indifferent(d)];
    const auto before = again;
    const auto rows = rows_, columns = columns_;
    for (const auto& n : all_[at(d)]) {
      place(d, n);
      if (!fits()) continue;
      again = before * n.again;
      if (d == R) rows_ = lines(P, R, l_.stride.rows, l_.dilation.rows);
      if (d == S) columns_ = lines(Q, S, l_.stride.columns, l_.dilation.columns);
      enter(i + 1);
    }
    again = before;
    rows_ = rows;
    columns_ = columns;
    place(d, all_[at(d)].front());
  }

  static std::size_t indifferent(Dim d) {
    for (Operand t : kAllOperands)
      if (!is_relevant(d, t)) return at(t);
    return 3;
  }

  /// Whole banks of each partition. What is not placed yet counts with one pass.
  bool fits() const {
    for (const auto& buffer : a_.buffers)
      for (const auto& p : buffer.partitions) {
        std::int64_t banks = 0;
        for (std::size_t k = 0; k < now_.order.size(); ++k) {
          if (std::ranges::count(p.tensors, now_.order[k]) == 0) continue;
          const auto a_bank = buffer.bank.count() * 8 / a_.width(now_.order[k]).count();
          const auto tile = ceil_div(l_.tile_words(now_.order[k], now_.tile[k]).count(), a_bank);
          banks += p.double_buffered ? 2 * tile : tile;
        }
        if (banks > p.banks) return false;
      }
    return true;
  }

  TileCount count(std::int64_t window) const {
    TileCount words;
    words.drained = once_[2] * (drains_by_ ? 1 : again_[2]);
    if (kept(Weight)) words.weight = once_[1] * again_[1];
    if (kept(Input)) words.input = images_ * window * again_[0];
    return words;
  }

  std::int64_t lines_least(Dim out, Dim tap) const {
    return out == P ? touched(l_.extent[out], l_.extent[tap], l_.stride.rows, l_.dilation.rows)
                    : touched(l_.extent[out], l_.extent[tap], l_.stride.columns, l_.dilation.columns);
  }

  Lines lines(Dim out, Dim tap, std::int64_t stride, std::int64_t dilation) const {
    if (!kept(Input)) return {};
    const auto of = [&](std::optional<Dim> slide) {
      return window_histogram(pieces(out, slide == out), pieces(tap, slide == tap), stride, dilation).up_to(kInnermost);
    };
    const auto still = of(std::nullopt);
    return {still, chosen_[at(out)]->last < 0 ? still : of(out), chosen_[at(tap)]->last < 0 ? still : of(tap)};
  }

  Pieces pieces(Dim d, bool slides) const {
    std::vector<Cut> cuts;
    for (std::size_t k = 0; k <= input_; ++k)
      if (now_.tile[k][d] < (k == 0 ? l_.extent[d] : now_.tile[k - 1][d]))
        cuts.push_back({static_cast<int>(k), now_.tile[k][d], false});
    if (slides) cuts.back().slides = true;
    return cut({{.extent = l_.extent[d]}}, cuts);
  }

  /// Along which window may tiles slide? A loop with no other over ifmap words inside more keeps.
  void finish() {
    int last = -1;
    for (Dim d : kAllDims)
      if (is_relevant(d, Input)) last = std::max(last, chosen_[at(d)]->last);
    const auto attempt = [&](std::optional<Dim> slide, std::int64_t window) {
      if (slide && (last < 0 || chosen_[at(*slide)]->last != last)) return;
      now_.slide = slide;
      if (hopeful_(count(window))) offer_(now_);
    };
    attempt(std::nullopt, rows_.still * columns_.still);
    attempt(P, rows_.out * columns_.still);
    attempt(R, rows_.tap * columns_.still);
    attempt(Q, rows_.still * columns_.out);
    attempt(S, rows_.still * columns_.tap);
  }

  static constexpr int kInnermost = 3;
  const OptionVector& options_;
  const LayerNest& l_;
  const Architecture& a_;
  const std::function<bool(const TileCount&)>& hopeful_;
  const std::function<void(const KeptNest&)>& offer_;
  bool drains_by_;
  std::int64_t images_ = 1;
  std::array<std::int64_t, 3> once_{};
  KeptNest now_;
  std::size_t input_ = 0;
  std::array<std::vector<Nested>, kDims> all_;
  std::array<const Nested*, kDims> chosen_{};
  std::array<std::int64_t, 4> again_{1, 1, 1, 1};  ///< by Operand; the last for G, irrelevant to none
  Lines rows_, columns_;
};

}  // namespace

void outside_walk(const OptionVector& options, std::array<bool, 3> passes_by, const LayerNest& l, const Architecture& a,
                  const std::function<bool(const TileCount&)>& hopeful,
                  const std::function<void(const KeptNest&)>& offer) {
  Outside{options, passes_by, l, a, hopeful, offer}.run();
}

}  // namespace eyrie
