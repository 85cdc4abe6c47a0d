#include "mapper/verify_nests.hpp"

#include <algorithm>
#include <set>

#include "dataflows/legality.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

constexpr std::array kWindow{P, R, Q, S};

}  // namespace

std::size_t KeptNest::place(Operand t) const {
  return static_cast<std::size_t>(std::ranges::find(order, t) - order.begin());
}

namespace {

class PeWalks {
 public:
  PeWalks(const Extents& part, const LayerNest& l, const Architecture& a, const Dataflow& flow)
      : part_{part}, l_{l}, a_{a} {
    for (Operand t : kAllOperands)
      if (t != Weight || l.has_weights()) now_.order.push_back(t);
    if (flow.longest && std::ranges::count(now_.order, *flow.longest) > 0) first_ = flow.longest;
  }

  std::vector<KeptNest> all() && {
    wanted_ = part_;
    each_order([&] { attempt(std::nullopt, input_); });
    if (found_.empty()) each_order([&] { cut(0); });
    return std::move(found_);
  }

 private:
  template <class Act>
  void each_order(Act act) {
    std::ranges::sort(now_.order);
    do {
      if (first_ && now_.order.front() != *first_) continue;
      input_ = now_.place(Input);
      act();
    } while (std::ranges::next_permutation(now_.order).found);
  }

  /// How many keeps stand outside the first loop over a dimension.
  std::size_t earliest(Dim d) const {
    for (std::size_t k = 0; k < now_.order.size(); ++k)
      if (!is_relevant(d, now_.order[k])) return k + 1;
    return 0;
  }

  void cut(std::size_t i) {
    if (i == kWindow.size()) return places();
    const Dim d = kWindow[i];
    const auto least = earliest(d) <= input_ ? 1 : part_[d];
    for (wanted_[d] = part_[d]; wanted_[d] >= least; --wanted_[d]) cut(i + 1);
    wanted_[d] = part_[d];
  }

  void places() {
    Extents window;
    for (Dim d : kWindow) window[d] = wanted_[d];
    if (spad_words(window, l_, a_, Input) > a_.spad(Input)->depth) return;
    attempt(std::nullopt, input_);
    for (Dim d : kWindow)
      for (std::size_t at = earliest(d); at <= input_; ++at)
        if (wanted_[d] < part_[d]) attempt(d, at);
  }

  /// Loops over ifmap words inside at most `last` keeps, the innermost along `slide`.
  void attempt(std::optional<Dim> slide, std::size_t last) {
    const std::array<std::int64_t, 5> key{wanted_[P], wanted_[R], wanted_[Q], wanted_[S],
                                          slide ? static_cast<std::int64_t>(*slide) : -1};
    if (known_.contains(key)) return;
    now_.slide = slide;
    for (Dim d : kAllDims)
      if (!extents(d, last)) return;
    for (std::size_t k = 0; k < now_.order.size(); ++k)
      if (spad_words(now_.tile[k], l_, a_, now_.order[k]) > a_.spad(now_.order[k])->depth) return;
    known_.insert(key);
    found_.push_back(now_);
  }

  /// Extents of a dimension inside the keeps; false if it cannot be cut as wanted.
  bool extents(Dim d, std::size_t last) {
    const auto from = earliest(d);
    const bool may = is_relevant(d, Input) && from <= last;
    const auto inside = is_window(d) ? wanted_[d] : may ? 1 : part_[d];
    if (inside < part_[d] && !may) return false;
    const auto at = now_.slide == d ? last : from;
    for (std::size_t k = 0; k < now_.order.size(); ++k)
      now_.tile[k][d] = k > input_ && k >= from ? 1 : k >= at && k <= input_ ? inside : part_[d];
    return true;
  }

  const Extents& part_;
  const LayerNest& l_;
  const Architecture& a_;
  std::optional<Operand> first_;
  std::size_t input_ = 0;
  Extents wanted_;
  KeptNest now_;
  std::set<std::array<std::int64_t, 5>> known_;
  std::vector<KeptNest> found_;
};

/// Writes the loops and keeps of a mapping, from DRAM inwards.
class Writer {
 public:
  Writer(const LayerNest& l, const Architecture& a) : a_{a}, left_{l.extent} {
    std::vector<Operand> all;
    for (Operand t : kAllOperands)
      if (t != Weight || l.has_weights()) all.push_back(t);
    mapping_.nest.push_back(keep(a.dram.name, all));
  }

  void nest(const KeptNest& n, bool buffers) {
    for (std::size_t k = 0; k < n.order.size(); ++k) {
      const Operand t = n.order[k];
      loops(n.tile[k], n.slide);
      mapping_.nest.push_back(keep(buffers ? a_.buffer(t)->name : a_.spad(t)->name, {t}));
    }
  }

  void loops(const Extents& inside, std::optional<Dim> last) {
    for (Dim d : kAllDims)
      if (d != last) loop(d, inside[d], std::nullopt);
    if (last) loop(*last, inside[*last], std::nullopt);
  }

  void array(const OptionVector& options) {
    const auto before = mapping_.nest.size();
    const auto option = [&](Dim d) -> const DimOption& { return options[static_cast<std::size_t>(d)]; };
    for (Dim d : {G, N, M, P, Q}) loop(d, option(d).pe * option(d).columns, Axis::Y);
    for (bool gap : {true, false})  // a chain may end early only in its outermost dimension
      for (Dim d : {C, R, S})
        if (option(d).gap == gap) loop(d, option(d).pe, Axis::Y);
    for (Dim d : {G, N, M, P, Q}) loop(d, option(d).pe, Axis::X);
    if (mapping_.nest.size() == before) mapping_.nest.push_back(spatial(G, left_[G], Axis::Y));
  }

  Mapping done() && { return std::move(mapping_); }

 private:
  void loop(Dim d, std::int64_t step, std::optional<Axis> axis) {
    if (left_[d] <= step) return;
    left_[d] = step;
    mapping_.nest.push_back(axis ? spatial(d, step, *axis) : temporal(d, step));
  }

  const Architecture& a_;
  Extents left_;
  Mapping mapping_;
};

}  // namespace

std::vector<KeptNest> pe_walks(const Extents& part, const LayerNest& l, const Architecture& a, const Dataflow& flow) {
  if (a.array.lockstep.steps > 0 && part.product() > a.array.lockstep.steps) return {};
  return PeWalks{part, l, a, flow}.all();
}

Mapping whole_nest(const OptionVector& options, const KeptNest& outside, const KeptNest& pe, const LayerNest& l,
                   const Architecture& a) {
  Extents pass;
  for (Dim d : kAllDims) pass[d] = options[static_cast<std::size_t>(d)].pass;
  Writer w{l, a};
  w.nest(outside, true);
  w.loops(pass, std::nullopt);
  w.array(options);
  w.nest(pe, false);
  w.loops(Extents{}, std::nullopt);
  return std::move(w).done();
}

}  // namespace eyrie
