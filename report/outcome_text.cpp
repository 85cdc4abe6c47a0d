#include <array>
#include <nlohmann/json.hpp>

#include "report/experiment_result.hpp"

namespace eyrie {

using Json = nlohmann::json;

/// The numbers of a record in one order, to write and to read.
template <class A>
static auto numbers_of(A& a) {
  return std::array{&a.passes.stepped,         &a.passes.ahead, &a.passes.replayed, &a.passes.cut,
                    &a.cycles_stepped,         &a.cycles_ahead, &a.cycles_replayed, &a.array_activations,
                    &a.controller_activations, &a.tile_moves};
}

static Json advanced_numbers(const Advanced& a) {
  Json all = Json::array();
  for (const auto* n : numbers_of(a)) all.push_back(*n);
  return all;
}

static Json loops_text(const std::vector<MappedLoop>& loops) {
  Json all = Json::array();
  for (const auto& l : loops)
    all.push_back(
        {l.level, static_cast<int>(l.dim), l.axis ? static_cast<int>(*l.axis) : -1, l.trips, l.extent, l.step});
  return all;
}

static std::vector<MappedLoop> loops_from(const Json& j) {
  std::vector<MappedLoop> all;
  for (const auto& l : j) {
    const int axis = l[2];
    all.push_back({.level = l[0],
                   .dim = static_cast<Dim>(l[1].get<int>()),
                   .axis = axis < 0 ? std::nullopt : std::optional{static_cast<Axis>(axis)},
                   .trips = l[3],
                   .extent = l[4],
                   .step = l[5]});
  }
  return all;
}

std::string to_text(const LayerOutcome& o) {
  Json counts = Json::array();
  for (const auto& r : o.result.counts.rows())
    counts.push_back(
        {r.component, static_cast<int>(r.tensor), static_cast<int>(r.action), r.words.count(), r.bytes.count()});
  Json j{{"layer", o.layer},
         {"mapping", o.mapping},
         {"mapping_origin", o.mapping_origin},
         {"dataflow", o.dataflow},
         {"loops", loops_text(o.loops)},
         {"loop_text", o.loop_text},
         {"arithmetic",
          {o.arithmetic.product_shift, o.arithmetic.output_shift, o.arithmetic.widths.input.count(),
           o.arithmetic.widths.weight.count(), o.arithmetic.widths.psum.count(), o.arithmetic.widths.output.count(),
           static_cast<int>(o.arithmetic.activation), o.arithmetic.mean}},
         {"cycles", o.result.cycles.count()},
         {"processing_cycles", o.result.processing_cycles.count()},
         {"passes", o.result.passes},
         {"active_pes", o.result.active_pes},
         {"pe_macs", o.result.pe_macs},
         {"stack", o.result.stack.pe_cycles},
         {"counts", counts},
         {"wall_s", o.result.wall_s},
         {"checked", o.checked},
         {"mismatches", o.mismatches},
         {"ofmap_digest", o.ofmap_digest},
         {"input_zeros", o.input_zeros},
         {"slots",
          {o.result.slots.macs, o.result.slots.gated, o.result.slots.accumulates, o.result.slots.column_steps,
           o.result.slots.gated_by_weight, o.result.slots.skipped}},
         {"advanced", advanced_numbers(o.result.advanced)},
         {"analytic", {o.analytic.cycles_bound.count(), o.analytic.cycles_estimate.count(), o.analytic.counts_equal}}};
  if (o.result.deadlock) j["deadlock"] = {o.result.deadlock->at.count(), o.result.deadlock->wait_for};
  return j.dump(-1, ' ', false, Json::error_handler_t::replace);  // a mapping's file name need not be UTF-8
}

LayerOutcome outcome_from_text(const std::string& text) {
  const Json j = Json::parse(text);
  LayerOutcome o;
  j.at("layer").get_to(o.layer);
  j.at("mapping").get_to(o.mapping);
  j.at("mapping_origin").get_to(o.mapping_origin);
  j.at("dataflow").get_to(o.dataflow);
  o.loops = loops_from(j.at("loops"));
  j.at("loop_text").get_to(o.loop_text);
  const auto& a = j.at("arithmetic");
  const auto bits = [&](int i) { return Bits{a[i].get<std::int64_t>()}; };
  o.arithmetic = {.product_shift = a[0],
                  .output_shift = a[1],
                  .widths = {bits(2), bits(3), bits(4), bits(5)},
                  .activation = static_cast<Activation>(a[6].get<int>()),
                  .mean = a[7]};
  o.result.cycles = Cycles{j.at("cycles").get<std::int64_t>()};
  o.result.processing_cycles = Cycles{j.at("processing_cycles").get<std::int64_t>()};
  j.at("passes").get_to(o.result.passes);
  j.at("active_pes").get_to(o.result.active_pes);
  j.at("pe_macs").get_to(o.result.pe_macs);
  j.at("stack").get_to(o.result.stack.pe_cycles);
  for (const auto& r : j.at("counts"))
    o.result.counts.add(r[0].get<std::string>(), static_cast<Operand>(r[1].get<int>()),
                        static_cast<Action>(r[2].get<int>()), Words{r[3].get<std::int64_t>()},
                        Bytes{r[4].get<std::int64_t>()});
  j.at("wall_s").get_to(o.result.wall_s);
  j.at("checked").get_to(o.checked);
  j.at("mismatches").get_to(o.mismatches);
  j.at("ofmap_digest").get_to(o.ofmap_digest);
  j.at("input_zeros").get_to(o.input_zeros);
  const auto& slots = j.at("slots");
  o.result.slots = {slots[0].get<std::int64_t>(), slots[1].get<std::int64_t>(), slots[2].get<std::int64_t>(),
                    slots[3].get<std::int64_t>(), slots[4].get<std::int64_t>(), slots[5].get<std::int64_t>()};
  auto advanced = j.at("advanced").begin();
  for (auto* n : numbers_of(o.result.advanced)) *n = (advanced++)->get<std::int64_t>();
  const auto& f = j.at("analytic");
  o.analytic = {Cycles{f[0].get<std::int64_t>()}, Cycles{f[1].get<std::int64_t>()}, f[2].get<bool>()};
  if (j.contains("deadlock"))
    o.result.deadlock = Deadlock{.at = Cycles{j["deadlock"][0].get<std::int64_t>()}, .wait_for = j["deadlock"][1]};
  return o;
}

}  // namespace eyrie
