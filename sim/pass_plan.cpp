#include "sim/pass_plan.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "base/ensure.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/wires.hpp"
#include "sim/slices.hpp"
#include "sim/step_schedule.hpp"

namespace eyrie::sim {

namespace {

std::array<std::int64_t, 5> row_major(const std::array<std::int64_t, 5>& shape) {
  std::array<std::int64_t, 5> strides{};
  std::int64_t step = 1;
  for (int i = 4; i >= 0; --i) {
    strides[static_cast<std::size_t>(i)] = step;
    step *= shape[static_cast<std::size_t>(i)];
  }
  return strides;
}

std::int64_t dot(const std::array<std::int64_t, 5>& strides, const std::array<std::int64_t, 5>& at) {
  return std::inner_product(strides.begin(), strides.end(), at.begin(), std::int64_t{0});
}

/// One PE's wish for one word.
struct Wish {
  std::int64_t batch = 0;
  std::int64_t key = 0;  ///< place in the pass, its coordinates in the order in which words are sent
  std::int64_t address = 0;
  std::int32_t pe = 0;
};

/// Merges the wishes of all PEs into one stream: a word that several PEs want in the same batch is sent once; up to
/// `width` words with the same destinations make a beat, as long as every PE still gets its words in its order. On a
/// unicast network every PE is sent its own.
DeliverPlan merge(std::vector<Wish> wishes, const Noc& noc, std::size_t pes) {
  const auto width = noc.width.count();
  const bool unicast = noc.wiring() == NocKind::Unicast;
  std::ranges::sort(wishes, [](const Wish& a, const Wish& b) {
    if (a.batch != b.batch) return a.batch < b.batch;
    return a.key != b.key ? a.key < b.key : a.pe < b.pe;
  });
  DeliverPlan plan;
  std::map<std::vector<std::int32_t>, std::int32_t> sets;
  struct Open {
    std::vector<std::int64_t> addresses;
    std::int32_t to;
  };
  std::vector<Open> beats;
  std::vector<std::int64_t> open_of_set, last_of_pe(pes, -1);
  std::int64_t batch = -1;
  for (std::size_t i = 0; i < wishes.size();) {
    std::size_t end = i;
    std::vector<std::int32_t> to;
    while (end < wishes.size() && wishes[end].batch == wishes[i].batch && wishes[end].key == wishes[i].key) {
      to.push_back(wishes[end++].pe);
      if (unicast) break;
    }
    const auto [it, fresh] = sets.try_emplace(std::move(to), static_cast<std::int32_t>(sets.size()));
    const auto set = it->second;
    if (fresh) {
      plan.destinations.push_back(it->first);
      open_of_set.push_back(-1);
    }
    if (wishes[i].batch != batch) std::ranges::fill(open_of_set, -1);
    batch = wishes[i].batch;
    const auto open = open_of_set[static_cast<std::size_t>(set)];
    const bool joins =
        open >= 0 && std::ssize(beats[static_cast<std::size_t>(open)].addresses) < width &&
        std::ranges::all_of(it->first, [&](auto pe) { return last_of_pe[static_cast<std::size_t>(pe)] == open; });
    if (!joins) {
      open_of_set[static_cast<std::size_t>(set)] = std::ssize(beats);
      for (auto pe : it->first) last_of_pe[static_cast<std::size_t>(pe)] = std::ssize(beats);
      beats.push_back({{}, set});
    }
    beats[static_cast<std::size_t>(open_of_set[static_cast<std::size_t>(set)])].addresses.push_back(wishes[i].address);
    i = end;
  }
  for (const auto& b : beats) {
    plan.beats.push_back(
        {static_cast<std::int32_t>(plan.addresses.size()), static_cast<std::int32_t>(b.addresses.size()), b.to});
    plan.addresses.insert(plan.addresses.end(), b.addresses.begin(), b.addresses.end());
  }
  return plan;
}

class Planner {
 public:
  Planner(const Mapping& m, const LayerNest& l, const Architecture& a, const TileStrides& strides)
      : mapping_{m}, layer_{l}, a_{a}, strides_{strides}, nest_{pe_nest(m, l, a)} {}

  PassPlan plan(const Extents& pass) {
    slices_ = slices(mapping_, layer_, pass);
    plan_.extent = pass;
    programs();
    if (a_.array.control == Control::Lockstep) {
      chains();
      plan_.schedule = step_schedule(schedule_parts());
      return std::move(plan_);
    }
    plan_.inputs = merge(wishes(Operand::Input), *a_.network(NocRole::Deliver, Operand::Input), slices_.size());
    if (layer_.has_weights())
      plan_.weights = merge(wishes(Operand::Weight), *a_.network(NocRole::Deliver, Operand::Weight), slices_.size());
    chains();
    psum_beats();
    return std::move(plan_);
  }

 private:
  void programs() {
    std::map<Extents, std::size_t> known;
    for (const auto& s : slices_)
      for (Dim d : kAllDims) frame_[d] = std::max(frame_[d], s.extent[d]);
    for (const auto& s : slices_) {
      const auto [it, fresh] = known.try_emplace(s.extent, plan_.programs.size());
      if (fresh) {
        plan_.programs.push_back(compile_pe(nest_, layer_, s.extent, frame_));
        plan_.words.push_back(words_of(plan_.programs.back()));
      }
      plan_.pes.push_back({s.row, s.column, it->second, 0, dot(strides_.input, input_offset(s.offset)),
                           dot(strides_.weight, weight_offset(s.offset))});
    }
  }

  PlannedWords words_of(const PeProgram& program) const {
    PlannedWords words;
    for (const auto& w : program.inputs) words.input.push_back(dot(strides_.input, sum({}, w)));
    for (const auto& w : program.weights) words.weight.push_back(dot(strides_.weight, sum({}, w)));
    for (const auto& r : program.rows) words.slots = std::max(words.slots, static_cast<std::size_t>(r.leaves));
    return words;
  }

  /// What the schedule of a lockstep pass is made of.
  ScheduleParts schedule_parts() const {
    ScheduleParts parts{.steps = frame_.product()};
    for (std::size_t pe = 0; pe < slices_.size(); ++pe)
      parts.pes.push_back({slices_[pe].row, slices_[pe].column, &plan_.programs[plan_.pes[pe].program],
                           plan_.pes[pe].program, input_offset(slices_[pe].offset), weight_offset(slices_[pe].offset)});
    for (const auto& c : plan_.chains) parts.chains.push_back(c.pes);
    const auto copies = [&](Operand t) { return a_.network(NocRole::Deliver, t)->kind == NocKind::Unicast; };
    parts.copies = {copies(Operand::Input), copies(Operand::Weight)};
    if (a_.array.pitch) parts.wiring = step_wiring();
    for (Operand t : kAllOperands) {
      const auto role = t == Operand::Output ? NocRole::Collect : NocRole::Deliver;
      parts.systolic[static_cast<std::size_t>(t)] = a_.network(role, t)->kind == NocKind::Systolic;
      parts.apart[static_cast<std::size_t>(t)] = apart(t);
    }
    return parts;
  }

  StepWiring step_wiring() const {
    const auto wiring = [&](NocRole role, Operand t, Edge edge) {
      return Wiring{a_.network(role, t)->wiring(), a_.array.rows, a_.array.columns, edge};
    };
    const auto in = [&](Operand t) {
      return wiring(NocRole::Deliver, t, systolic_axis(mapping_, layer_, t) == Axis::X ? Edge::Left : Edge::Top);
    };
    return {.in = {in(Operand::Input), in(Operand::Weight), wiring(NocRole::Deliver, Operand::Output, Edge::Bottom)},
            .out = wiring(NocRole::Collect, Operand::Output, Edge::Top),
            .hands_on = hands_on(mapping_, layer_, a_),
            .tree = a_.network(NocRole::Forward, Operand::Output)->wiring() == NocKind::AdderTree};
  }

  /// Is a tensor spread along both axes (outputs: along the rows), so that each PE has words (psums) of its own?
  bool apart(Operand t) const {
    bool along[2] = {t == Operand::Output, false};
    for (const auto& e : mapping_.nest)
      if (e.spatial && is_relevant(*e.spatial, t)) along[static_cast<int>(*e.axis)] = true;
    return along[0] && along[1];
  }

  /// Coordinates of a word in the pass: the PE's offset plus the word's own.
  static std::array<std::int64_t, 5> sum(const std::array<std::int64_t, 5>& offset, const WordAt& w) {
    auto at = offset;
    for (std::size_t i = 0; i < 5; ++i) at[i] += w.at[i];
    return at;
  }
  std::array<std::int64_t, 5> input_offset(const Extents& o) const {
    return {o[Dim::G], o[Dim::N], o[Dim::C], o[Dim::P] * layer_.stride.rows + o[Dim::R] * layer_.dilation.rows,
            o[Dim::Q] * layer_.stride.columns + o[Dim::S] * layer_.dilation.columns};
  }
  static std::array<std::int64_t, 5> weight_offset(const Extents& o) {
    return {o[Dim::G], o[Dim::M], o[Dim::C], o[Dim::R], o[Dim::S]};
  }
  static std::array<std::int64_t, 5> output_offset(const Extents& o) {
    return {o[Dim::G], o[Dim::N], o[Dim::M], o[Dim::P], o[Dim::Q]};
  }

  /// What the pass has of a tensor, along each coordinate.
  std::array<std::int64_t, 5> input_shape() const {
    const Extents& e = plan_.extent;
    return {e[Dim::G], e[Dim::N], e[Dim::C],
            (e[Dim::P] - 1) * layer_.stride.rows + (e[Dim::R] - 1) * layer_.dilation.rows + 1,
            (e[Dim::Q] - 1) * layer_.stride.columns + (e[Dim::S] - 1) * layer_.dilation.columns + 1};
  }
  std::array<std::int64_t, 5> weight_shape() const { return weight_offset(plan_.extent); }

  /// Strides of a number for each word of the pass, which rises in this order of coordinates, the most significant
  /// first.
  static std::array<std::int64_t, 5> places_by(const std::array<int, 5>& order,
                                               const std::array<std::int64_t, 5>& shape) {
    std::array<std::int64_t, 5> places{};
    std::int64_t step = 1;
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
      places[static_cast<std::size_t>(*i)] = step;
      step *= shape[static_cast<std::size_t>(*i)];
    }
    return places;
  }

  std::vector<Wish> wishes(Operand t) const {
    const bool input = t == Operand::Input;
    const auto order = input ? input_coordinate_order(nest_) : weight_coordinate_order(nest_);
    const auto& strides = input ? strides_.input : strides_.weight;
    const auto places = places_by(order, input ? input_shape() : weight_shape());
    std::vector<Wish> all;
    for (std::size_t pe = 0; pe < slices_.size(); ++pe) {
      const auto& program = plan_.programs[plan_.pes[pe].program];
      const auto offset = input ? input_offset(slices_[pe].offset) : weight_offset(slices_[pe].offset);
      for (const auto& w : input ? program.inputs : program.weights) {
        const auto at = sum(offset, w);
        all.push_back({w.batch, dot(places, at), dot(strides, at), static_cast<std::int32_t>(pe)});
      }
    }
    return all;
  }

  /// PEs with the same outputs stand in one chain, the lowest row of the array (the largest number) first.
  void chains() {
    std::map<std::tuple<std::int64_t, std::array<std::int64_t, 5>>, std::vector<std::int32_t>> groups;
    for (std::size_t pe = 0; pe < slices_.size(); ++pe) {
      groups[{slices_[pe].column, output_offset(slices_[pe].offset)}].push_back(static_cast<std::int32_t>(pe));
    }
    for (auto& [key, pes] : groups) {
      std::ranges::sort(pes, std::ranges::greater{},
                        [&](auto pe) { return slices_[static_cast<std::size_t>(pe)].row; });
      for (std::size_t i = 1; i < pes.size(); ++i)
        ensure(slices_[static_cast<std::size_t>(pes[i - 1])].row - slices_[static_cast<std::size_t>(pes[i])].row == 1,
               "PEs of a chain are neighbours");
      for (auto pe : pes)
        plan_.pes[static_cast<std::size_t>(pe)].chain = static_cast<std::int32_t>(plan_.chains.size());
      plan_.chains.push_back(chain_of(std::move(pes)));
    }
  }

  Chain chain_of(std::vector<std::int32_t> pes) const {
    const auto& program = plan_.programs[plan_.pes[static_cast<std::size_t>(pes.front())].program];
    const auto offset = output_offset(slices_[static_cast<std::size_t>(pes.front())].offset);
    Chain chain{.pes = std::move(pes), .addresses = {}, .windows = {}};
    for (const auto& w : program.outputs) chain.addresses.push_back(dot(strides_.output, sum(offset, w)));
    for (const auto& r : program.rows)
      if (r.leaves > 0) chain.windows.push_back(r.leaves);
    return chain;
  }

  /// Psums come in window by window; within a window the chains take turns, a beat each.
  void psum_beats() {
    struct Turn {
      std::int64_t window;
      std::int32_t round;
      Beat beat;
    };
    const auto width = static_cast<std::int32_t>(a_.network(NocRole::Deliver, Operand::Output)->width.count());
    std::vector<Turn> turns;
    for (std::size_t c = 0; c < plan_.chains.size(); ++c) {
      const auto& program = plan_.programs[plan_.pes[static_cast<std::size_t>(plan_.chains[c].pes.front())].program];
      std::int32_t first = 0;
      for (auto size : plan_.chains[c].windows) {
        for (std::int32_t k = 0; k < size; k += width)
          turns.push_back({program.outputs[static_cast<std::size_t>(first)].batch,
                           k / width,
                           {first + k, std::min(width, size - k), static_cast<std::int32_t>(c)}});
        first += size;
      }
    }
    std::ranges::stable_sort(turns, {}, [](const Turn& t) { return std::tie(t.window, t.round); });
    for (const auto& t : turns) plan_.psum_beats.push_back(t.beat);
  }

  const Mapping& mapping_;
  const LayerNest& layer_;
  const Architecture& a_;
  const TileStrides& strides_;
  PeNest nest_;
  std::vector<Slice> slices_;
  Extents frame_;  ///< of the PE with most to do
  PassPlan plan_;
};

}  // namespace

TileStrides tile_strides(const Mapping& m, const LayerNest& l, const Architecture& a) {
  const auto tile = [&](Operand t) { return m.tile_at(l.extent, tile_position(m, a, t)); };
  const auto i = tile(Operand::Input), o = tile(Operand::Output);
  const auto w = l.has_weights() ? tile(Operand::Weight) : Extents{};
  const auto span = [](std::int64_t p, std::int64_t r, std::int64_t stride, std::int64_t dilation) {
    return (p - 1) * stride + (r - 1) * dilation + 1;
  };
  const std::array<std::int64_t, 5> input{i[Dim::G], i[Dim::N], i[Dim::C],
                                          span(i[Dim::P], i[Dim::R], l.stride.rows, l.dilation.rows),
                                          span(i[Dim::Q], i[Dim::S], l.stride.columns, l.dilation.columns)};
  const std::array<std::int64_t, 5> weight{w[Dim::G], w[Dim::M], w[Dim::C], w[Dim::R], w[Dim::S]};
  const std::array<std::int64_t, 5> output{o[Dim::G], o[Dim::N], o[Dim::M], o[Dim::P], o[Dim::Q]};
  const auto words = [](const auto& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>{});
  };
  return {row_major(input), row_major(weight), row_major(output), {words(input), words(weight), words(output)}};
}

PassPlan plan_pass(const Mapping& m, const LayerNest& l, const Architecture& a, const Extents& pass,
                   const TileStrides& strides) {
  return Planner{m, l, a, strides}.plan(pass);
}

}  // namespace eyrie::sim
