#include "mapper/brute_force.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "dataflows/legality.hpp"
#include "dataflows/traffic.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

/// A loop yet to be placed: the steps of one dimension, outermost first.
using Steps = std::array<std::vector<std::int64_t>, kDims>;

/// All ways to interleave the loops of the dimensions and some keeps, the loops of one dimension in their order.
class Interleavings {
 public:
  Interleavings(const Steps& steps, std::vector<NestEntry> keeps,
                std::function<bool(const std::vector<NestEntry>&)> visit)
      : steps_{steps}, keeps_{std::move(keeps)}, used_(keeps_.size()), visit_{std::move(visit)} {
    enter();
  }

 private:
  void enter() {
    bool any = false;
    if (stopped_) return;
    for (Dim d : kAllDims)
      if (next_[at(d)] < steps_[at(d)].size()) {
        any = true;
        sequence_.push_back(temporal(d, steps_[at(d)][next_[at(d)]++]));
        enter();
        sequence_.pop_back();
        --next_[at(d)];
      }
    for (std::size_t k = 0; k < keeps_.size(); ++k)
      if (!used_[k]) {
        any = true;
        used_[k] = true;
        sequence_.push_back(keeps_[k]);
        enter();
        sequence_.pop_back();
        used_[k] = false;
      }
    if (!any) stopped_ = !visit_(sequence_);
  }
  const Steps& steps_;
  std::vector<NestEntry> keeps_;
  std::vector<bool> used_;
  std::function<bool(const std::vector<NestEntry>&)> visit_;  ///< false stops
  bool stopped_ = false;
  std::array<std::size_t, kDims> next_{};
  std::vector<NestEntry> sequence_;
};

/// Strictly falling sequences of steps from `from` to `to`, with at most `loops` steps; `may` says which are allowed.
void sequences(std::int64_t from, std::int64_t to, int loops,
               const std::function<bool(std::int64_t, std::int64_t)>& may, std::vector<std::int64_t>& now,
               std::vector<std::vector<std::int64_t>>& all) {
  if (from == to) {
    all.push_back(now);
    return;
  }
  if (loops == 0) return;
  for (std::int64_t step = to; step < from; ++step) {
    if (!may(from, step)) continue;
    now.push_back(step);
    sequences(step, to, loops - 1, may, now, all);
    now.pop_back();
  }
}

class Walk {
 public:
  Walk(const LayerNest& l, const Architecture& a, const Dataflow& flow, const DataFacts& facts, const Pricing& pricing,
       Space space, int loops, std::int64_t most)
      : l_{l}, a_{a}, flow_{flow}, facts_{facts}, pricing_{pricing}, loops_{loops}, most_{most} {
    for (Dim d : kAllDims) options_[at(d)] = dim_options(d, l, a, flow, space);
  }

  std::optional<Exhausted> run() {
    options(0);
    if (result_.inner > most_ || result_.outer > most_) return std::nullopt;
    for (const auto& [key, side] : by_pass_) combine(side);
    std::ranges::sort(result_.front, {}, [](const MapCost& c) { return c.energy.count(); });
    return result_;
  }

 private:
  using Key = std::pair<Extents, std::array<bool, 3>>;
  /// What is known of passes of one shape: different traffic of arrays and of tiles.
  struct Sides {
    std::vector<Traffic> arrays, tiles;
    std::int64_t inner = 0, outer = 0;  ///< legal nests on either side
  };

  void options(std::size_t i) {
    if (result_.inner > most_ || result_.outer > most_) return;
    if (i == kDims) return inner();
    for (const auto& o : options_[i]) {
      chosen_[i] = o;
      options(i + 1);
    }
  }

  std::vector<NestEntry> keeps(bool buffers, std::array<bool, 3> passes_by) const {
    std::vector<NestEntry> all;
    for (Operand t : kAllOperands)
      if ((t != Weight || l_.has_weights()) && !(buffers && passes_by[static_cast<std::size_t>(t)]))
        all.push_back(keep(buffers ? a_.buffer(t)->name : a_.spad(t)->name, {t}));
    return all;
  }

  NestEntry dram() const {
    auto all = keeps(false, {});
    NestEntry entry = keep(a_.dram.name, {});
    for (const auto& e : all) entry.tensors.push_back(e.tensors.front());
    return entry;
  }

  /// Spatial loops of the chosen options, in each order of the reduced dimensions.
  std::vector<std::vector<NestEntry>> arrays() const {
    std::vector<NestEntry> y, x;
    Extents left;
    for (Dim d : kAllDims) left[d] = chosen_[at(d)].pass;
    for (Dim d : {G, N, M, P, Q})
      if (const auto step = chosen_[at(d)].pe * chosen_[at(d)].columns; left[d] > step) {
        y.push_back(spatial(d, step, Axis::Y));
        left[d] = step;
      }
    for (Dim d : {G, N, M, P, Q})
      if (left[d] > chosen_[at(d)].pe) x.push_back(spatial(d, chosen_[at(d)].pe, Axis::X));
    std::vector<std::vector<NestEntry>> all;
    std::vector<Dim> reduced{C, R, S};
    do {
      auto nest = y;
      for (Dim d : reduced)
        if (left[d] > chosen_[at(d)].pe) nest.push_back(spatial(d, chosen_[at(d)].pe, Axis::Y));
      nest.insert(nest.end(), x.begin(), x.end());
      if (nest.empty()) nest.push_back(spatial(M, left[M], Axis::X));
      const auto same = [&](const std::vector<NestEntry>& other) {
        return std::ranges::equal(nest, other, [](const NestEntry& a, const NestEntry& b) {
          return a.spatial == b.spatial && a.step == b.step && a.axis == b.axis;
        });
      };
      if (std::ranges::none_of(all, same)) all.push_back(nest);
    } while (std::ranges::next_permutation(reduced).found);
    return all;
  }

  /// The outermost nest: plain loops down to a pass, tiles of a pass.
  std::vector<NestEntry> plain_outside(std::array<bool, 3> passes_by) const {
    std::vector<NestEntry> nest{dram()};
    for (Dim d : kAllDims)
      if (l_.extent[d] > chosen_[at(d)].pass) nest.push_back(temporal(d, chosen_[at(d)].pass));
    for (const auto& k : keeps(true, passes_by)) nest.push_back(k);
    return nest;
  }

  void inner() {
    Extents pass;
    for (Dim d : kAllDims) pass[d] = chosen_[at(d)].pass;
    std::vector<std::array<bool, 3>> bypasses{{false, false, false}};
    for (Operand t : kAllOperands)
      if (a_.partition(t)->bypass && (t != Weight || l_.has_weights())) {
        bypasses.push_back({});
        bypasses.back()[static_cast<std::size_t>(t)] = true;
      }
    for (const auto& passes_by : bypasses) {
      Sides sides;
      for (const auto& array : arrays()) nests(array, passes_by, sides);
      if (sides.arrays.empty()) continue;
      auto& known = by_pass_[{pass, passes_by}];
      if (known.tiles.empty()) outside(passes_by, known);
      known.inner += sides.inner;
      for (const auto& w : sides.arrays) add(known.arrays, w);
    }
  }

  static void add(std::vector<Traffic>& all, const Traffic& w) {
    if (std::ranges::find(all, w) == all.end()) all.push_back(w);
  }

  void nests(const std::vector<NestEntry>& array, std::array<bool, 3> passes_by, Sides& sides) {
    std::array<std::vector<std::vector<std::int64_t>>, kDims> cuts;
    for (Dim d : kAllDims) {
      std::vector<std::int64_t> now;
      sequences(
          chosen_[at(d)].pe, 1, loops_, [](auto, auto) { return true; }, now, cuts[at(d)]);
    }
    const auto outside = plain_outside(passes_by);
    each(cuts, [&](const Steps& steps) {
      if (result_.inner > most_) return;
      Interleavings{steps, keeps(false, {}), [&](const std::vector<NestEntry>& pe) {
                      if (++result_.inner > most_) return false;
                      Mapping m{outside};
                      m.nest.insert(m.nest.end(), array.begin(), array.end());
                      m.nest.insert(m.nest.end(), pe.begin(), pe.end());
                      if (longest_is_first(pe) && once_a_pass(m) && is_legal(m, l_, a_)) {
                        ++sides.inner;
                        add(sides.arrays, without_tiles(traffic(m, l_, a_)));
                      }
                      return true;
                    }};
    });
  }

  bool longest_is_first(const std::vector<NestEntry>& pe) const {
    if (!flow_.longest || (*flow_.longest == Weight && !l_.has_weights())) return true;
    for (const auto& e : pe)
      if (e.keep) return e.keeps(*flow_.longest);
    return true;
  }

  /// No loop inside the array stands outside the keep of a tensor that it is irrelevant to.
  bool once_a_pass(const Mapping& m) const {
    for (Operand t : kAllOperands) {
      if (t == Weight && !l_.has_weights()) continue;
      for (std::size_t i = m.pass_position(); i < m.position(a_.spad(t)->name, t); ++i)
        if (m.nest[i].temporal && m.trips(l_.extent, i) > 1 && !is_relevant(*m.nest[i].temporal, t)) return false;
    }
    return true;
  }

  void outside(std::array<bool, 3> passes_by, Sides& sides) {
    std::array<std::vector<std::vector<std::int64_t>>, kDims> cuts;
    for (Dim d : kAllDims) {
      const auto& o = chosen_[at(d)];
      std::vector<std::vector<std::int64_t>> units;
      std::vector<std::int64_t> now;
      sequences(
          o.passes, 1, loops_, [](auto from, auto step) { return from % step == 0; }, now, units);
      for (auto& list : units)
        for (auto& step : list) step = std::min(l_.extent[d], step * o.pass);
      cuts[at(d)] = units;
    }
    each(cuts, [&](const Steps& steps) {
      if (result_.outer > most_) return;
      Interleavings{steps, keeps(true, passes_by), [&](const std::vector<NestEntry>& loops) {
                      if (++result_.outer > most_) return false;
                      Mapping m{{dram()}};
                      m.nest.insert(m.nest.end(), loops.begin(), loops.end());
                      if (tiles_fit(m, passes_by)) {
                        ++sides.outer;
                        add(sides.tiles, tiles_of(m));
                      }
                      return true;
                    }};
    });
  }

  /// Only the buffers are looked at; a pass that does nothing stands for the rest.
  bool tiles_fit(const Mapping& outside, std::array<bool, 3> passes_by) const {
    const Mapping m = with_some_array(outside);
    for (const auto& b : a_.buffers)
      for (const auto& p : b.partitions) {
        std::int64_t taken = 0;
        for (Operand t : p.tensors)
          if ((t != Weight || l_.has_weights()) && !passes_by[static_cast<std::size_t>(t)])
            taken += banks_taken(m, l_, a_, t);
        if (taken > p.banks) return false;
      }
    if (!passes_by[2]) return true;
    return std::ranges::none_of(std::array{C, R, S}, [&](Dim d) { return chosen_[at(d)].passes > 1; });
  }

  Mapping with_some_array(Mapping m) const {
    Extents left;
    for (Dim d : kAllDims) left[d] = chosen_[at(d)].pass;
    m.nest.push_back(spatial(M, left[M], Axis::X));
    for (const auto& k : keeps(false, {})) m.nest.push_back(k);
    for (Dim d : kAllDims)
      if (left[d] > 1) m.nest.push_back(temporal(d, 1));
    return m;
  }

  Traffic tiles_of(const Mapping& outside) const {
    const Traffic w = traffic(with_some_array(outside), l_, a_);
    Traffic tiles;
    tiles.tile_words = w.tile_words;
    tiles.drained = w.drained;
    tiles.input_run = w.input_run;
    return tiles;
  }

  static Traffic without_tiles(Traffic w) {
    w.tile_words = w.tile_moves = {};
    w.drained = w.drained_tiles = w.bias_words = w.bias_tiles = w.input_run = 0;
    return w;
  }

  template <class Visit>
  static void each(const std::array<std::vector<std::vector<std::int64_t>>, kDims>& cuts, Visit visit) {
    Steps steps;
    const std::function<void(std::size_t)> enter = [&](std::size_t i) {
      if (i == kDims) return visit(steps);
      for (const auto& list : cuts[i]) {
        steps[i] = list;
        enter(i + 1);
      }
    };
    enter(0);
  }

  void combine(const Sides& sides) {
    result_.mappings += sides.inner * sides.outer;
    for (const auto& array : sides.arrays)
      for (const auto& tiles : sides.tiles) {
        Traffic w = array;
        w.tile_words = tiles.tile_words;
        w.drained = tiles.drained;
        w.input_run = tiles.input_run;
        weigh(map_cost(w, l_, a_, facts_, pricing_));
      }
  }

  void weigh(const MapCost& c) {
    const auto least = [&](double& best, double score) { best = best == 0 ? score : std::min(best, score); };
    least(result_.best_energy, score_of(Objective::Energy, c));
    least(result_.best_cycles, score_of(Objective::Cycles, c));
    least(result_.best_edp, score_of(Objective::Edp, c));
    const auto beats = [](const MapCost& x, const MapCost& y) {
      return x.cycles <= y.cycles && x.energy.count() <= y.energy.count() * (1 + 1e-10);
    };
    if (std::ranges::any_of(result_.front, [&](const MapCost& f) { return beats(f, c); })) return;
    std::erase_if(result_.front, [&](const MapCost& f) { return beats(c, f); });
    result_.front.push_back(c);
  }

  const LayerNest& l_;
  const Architecture& a_;
  const Dataflow& flow_;
  const DataFacts& facts_;
  const Pricing& pricing_;
  int loops_;
  std::int64_t most_;
  std::array<std::vector<DimOption>, kDims> options_;
  std::array<DimOption, kDims> chosen_;
  std::map<Key, Sides> by_pass_;
  Exhausted result_;
};

}  // namespace

std::optional<Exhausted> exhaust(const LayerNest& l, const Architecture& a, const Dataflow& flow,
                                 const DataFacts& facts, const Pricing& pricing, Space space, int loops,
                                 std::int64_t most) {
  return Walk{l, a, flow, facts, pricing, space, loops, most}.run();
}

}  // namespace eyrie
