// Why the search is exact. Every dataflow here has two properties (its closed forms stand with the reasons):
//
//  (1) The objective never grows when a parameter grows. Rounds like ceil(N/n) only fall; the halo, ifmap columns under
//      a tile of f ofmap columns over f, never grows with f; and where a larger parameter moves psums from one level to
//      another, it moves them to a cheaper one.
//  (2) The limits' left sides are sums of products of growing terms, so making any parameter smaller keeps a mapping
//      legal. The one exception, p t <= m (or p <= m), is turned into the smallest m by `least_last`; m comes last.
//
// From (1) and (2) follow the two ways in which mappings are left out:
//
//  - Dominance: with all parameters but the last fixed, its largest legal value is at least as good as any other.
//  - Bound: with a prefix fixed, let every free parameter have the largest value that is legal while the other free
//    ones are at their smallest. By (2) no legal completion exceeds this vector in any place, so by (1) its objective
//    is a lower bound of theirs. If it is no better than what was found, the subtree holds nothing better.
//
// Objectives are compared as fractions of integers, so that rounding can't hide a better mapping or break a tie.

#include "mapper/isca2016.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/ensure.hpp"
#include "mapper/isca2016_models.hpp"

namespace eyrie::isca2016 {

std::int64_t input_data_energy(const Reuse& u) {
  return u.a * kPrices.dram + u.a * u.b * kPrices.glb + u.a * u.b * u.c * kPrices.array +
         u.a * u.b * u.c * u.d * kPrices.rf;
}

std::int64_t psum_energy(const Reuse& u) {
  return (2 * u.a - 1) * kPrices.dram + 2 * u.a * (u.b - 1) * kPrices.glb + u.a * u.b * (u.c - 1) * kPrices.array +
         2 * u.a * u.b * u.c * (u.d - 1) * kPrices.rf;
}

Machine baseline(Dataflow d, std::int64_t pes) {
  const auto& model = model_of(d);
  return {.pes = pes, .glb_words = model.glb_bytes_at_256_pes * pes / 256 / 2, .rf_words = model.rf_bytes / 2};
}

Energy operator+(const Energy& a, const Energy& b) {
  return {a.alu + b.alu, a.dram + b.dram, a.glb + b.glb, a.array + b.array, a.rf + b.rf};
}

namespace {

__extension__ typedef __int128 Wide;

/// What the search orders mappings by: the objective without its constant ALU part, as a fraction; then active PEs.
struct Rank {
  std::int64_t objective = std::numeric_limits<std::int64_t>::max();
  std::int64_t per = 1;
  std::int64_t active_pes = 0;
  [[nodiscard]] bool better_than(const Rank& other) const {
    const Wide mine = Wide{objective} * other.per, theirs = Wide{other.objective} * per;
    return mine < theirs || (mine == theirs && active_pes > other.active_pes);
  }
};

std::int64_t objective_of(const Counts& c) {
  return kPrices.dram * (c.dram_reads + c.dram_writes) + kPrices.glb * c.glb +
         kPrices.array * (c.array_inputs + 2 * c.array_psums) + kPrices.rf * c.rf;
}

void check_size(const Sizes& l) {
  ensure(l.macs() * l.E * l.F < std::int64_t{1} << 53, "a layer's counts fit 64 bits");
}

class Search {
 public:
  Search(Dataflow dataflow, const LayerNest& layer, const Machine& machine)
      : model_{model_of(dataflow)}, layer_{layer}, machine_{machine}, depth_{model_.order.size()} {
    check_size(layer_);
    for (std::size_t i = 0; i < depth_; ++i) {
      member_[i] = member_of(model_.order[i]);
      bound_[i] = bound_of(model_.order[i], layer_);
    }
  }

  std::optional<Optimum> best() {
    Parameters start;
    start.*last() = model_.least_last(start);
    if (!legal(start)) return std::nullopt;
    descend(start, 0, bound_);
    found_.cost = cost_of(found_.parameters);
    return found_;
  }

  std::int64_t size() {
    Parameters start;
    start.*last() = model_.least_last(start);
    return legal(start) ? count(start, 0) : 0;
  }

  [[nodiscard]] bool fits(const Parameters& x) const {
    for (const char letter : std::string_view("nmefpqrt")) {
      const auto most = model_.order.find(letter) != std::string_view::npos ? bound_of(letter, layer_) : 1;
      if (x.*member_of(letter) < 1 || x.*member_of(letter) > most) return false;
    }
    return x.*last() >= model_.least_last(x) && legal(x);
  }

  [[nodiscard]] Cost cost_of(const Parameters& x) const {
    const auto c = model_.counts(layer_, x);
    const auto scaled = [&](std::int64_t price, std::int64_t n) {
      return static_cast<double>(price * n) / static_cast<double>(c.per);
    };
    const auto alu = kPrices.mac * layer_.macs();
    return {.energy = {.alu = static_cast<double>(alu),
                       .dram = scaled(kPrices.dram, c.dram_reads + c.dram_writes),
                       .glb = scaled(kPrices.glb, c.glb),
                       .array = scaled(kPrices.array, c.array_inputs + c.array_psums),
                       .rf = scaled(kPrices.rf, c.rf)},
            .objective = scaled(1, objective_of(c) + alu * c.per),
            .dram_reads = scaled(1, c.dram_reads),
            .dram_writes = scaled(1, c.dram_writes),
            .active_pes = model_.active_pes(layer_, x),
            .macs = Macs{layer_.macs()}};
  }

 private:
  using Values = std::array<std::int64_t, 8>;  ///< a value per parameter, in the model's order

  [[nodiscard]] std::int64_t Parameters::*last() const { return member_[depth_ - 1]; }
  [[nodiscard]] bool legal(const Parameters& x) const {
    return x.*last() <= bound_[depth_ - 1] && model_.within(layer_, machine_, x);
  }

  /// `x` with one parameter changed and the last one as small as that allows.
  [[nodiscard]] Parameters with(Parameters x, std::size_t i, std::int64_t value) const {
    x.*member_[i] = value;
    if (i + 1 < depth_) x.*last() = model_.least_last(x);
    return x;
  }

  /// Largest value of parameter i, at most `most`, that leaves `x` legal; the value in `x` is legal. Legality falls
  /// once as the value grows, so bisection finds the place.
  [[nodiscard]] std::int64_t largest(const Parameters& x, std::size_t i, std::int64_t most) const {
    if (legal(with(x, i, most))) return most;
    std::int64_t yes = x.*member_[i], no = most;
    while (no - yes > 1) {
      const auto middle = yes + (no - yes) / 2;
      (legal(with(x, i, middle)) ? yes : no) = middle;
    }
    return yes;
  }

  [[nodiscard]] Rank rank(const Parameters& x) const {
    const auto c = model_.counts(layer_, x);
    return {objective_of(c), c.per, std::min(machine_.pes, model_.active_pes(layer_, x))};
  }

  /// `x`: parameters before i fixed, the others smallest. `most`: no legal completion exceeds it.
  void descend(const Parameters& x, std::size_t i, const Values& most) {
    const auto top = largest(x, i, most[i]);
    if (i + 1 == depth_) return visit(with(x, i, top));
    for (auto value = top; value >= 1; --value) {
      const auto inner = with(x, i, value);
      auto ceilings = most;
      auto bound = inner;
      for (std::size_t j = i + 1; j < depth_; ++j) bound.*member_[j] = ceilings[j] = largest(inner, j, most[j]);
      if (rank(bound).better_than(best_))
        descend(inner, i + 1, ceilings);
      else
        ++found_.cut;
    }
  }

  void visit(const Parameters& x) {
    ++found_.visited;
    if (const auto here = rank(x); here.better_than(best_)) {
      best_ = here;
      found_.parameters = x;
    }
  }

  std::int64_t count(const Parameters& x, std::size_t i) const {
    const auto top = largest(x, i, bound_[i]);
    if (i + 1 == depth_) return top - x.*last() + 1;
    std::int64_t all = 0;
    for (std::int64_t value = 1; value <= top; ++value) all += count(with(x, i, value), i + 1);
    return all;
  }

  const Model& model_;
  Sizes layer_;
  Machine machine_;
  std::size_t depth_;
  std::array<std::int64_t Parameters::*, 8> member_{};
  Values bound_{};
  Rank best_;
  Optimum found_;
};

}  // namespace

bool fits(Dataflow d, const LayerNest& layer, const Machine& machine, const Parameters& x) {
  return Search(d, layer, machine).fits(x);
}

Cost cost(Dataflow d, const LayerNest& layer, const Parameters& x) { return Search(d, layer, {}).cost_of(x); }

std::optional<Optimum> optimise(Dataflow d, const LayerNest& layer, const Machine& machine) {
  return Search(d, layer, machine).best();
}

std::int64_t mapspace_size(Dataflow d, const LayerNest& layer, const Machine& machine) {
  return Search(d, layer, machine).size();
}

}  // namespace eyrie::isca2016
