#include <nlohmann/json.hpp>

#include "energy/uncertainty.hpp"
#include "report/area_renderings.hpp"
#include "report/json_parts.hpp"
#include "report/not_modelled.hpp"
#include "report/render.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

static Json stack_json(const CycleStack& stack) {
  Json j = Json::object();
  for (const auto& row : names<Cause>::table) j[std::string(row.name)] = stack[row.value];
  return j;
}

static Json counts_json(const ActionCounts& counts) {
  Json all = Json::array();
  for (const auto& r : counts.rows())
    all.push_back({{"component", r.component},
                   {"tensor", std::string(name_of(r.tensor))},
                   {"action", std::string(name_of(r.action))},
                   {"count", r.words.count()},
                   {"words", r.words.count()},
                   {"bytes", r.bytes.count()}});
  return all;
}

static Json bytes_json(const TensorBytes& b) {
  return {{"input", b.input.count()},
          {"weight", b.weight.count()},
          {"output", b.output.count()},
          {"total", b.total().count()}};
}

static Json interval_json(const Interval& i) { return {i.low, i.high}; }

/// `all`, `chip`: where the energy lies, with DRAM and without.
static Json energy_json(const EnergyReport& e, const EnergyTable& table, const Interval& all, const Interval& chip) {
  Json components = Json::object(), tensors = Json::object(), confidences = Json::object();
  for (const auto& [name, energy] : e.by_component()) components[name] = energy.count();
  for (const auto& [name, energy] : e.by_tensor()) tensors[name] = energy.count();
  for (const auto& [level, energy] : by_confidence(e, table)) confidences[std::string(name_of(level))] = energy.count();
  return {{"total", e.total.count()},
          {"on_chip", e.on_chip().count()},
          {"dram", e.dram.count()},
          {"interval", interval_json(all)},
          {"interval_on_chip", interval_json(chip)},
          {"by_component", components},
          {"by_tensor", tensors},
          {"by_confidence", confidences}};
}

/// What a layer and the totals have in common.
static void put_figures(Json& j, const Figures& f, const EnergyTable& table) {
  j["macs"] = f.macs.count();
  j["ops"] = 2 * f.macs.count();
  j["cycles"] = f.cycles.count();
  j["processing_cycles"] = f.processing_cycles.count();
  j["latency_ms"] = f.latency_s() * 1e3;
  j["utilization"] = f.utilization();
  if (f.stack.total() > 0) j["cycle_stack"] = stack_json(f.stack);
  j["functional"] = {{"checked", f.checked}, {"mismatches", f.mismatches}};
  const auto all = interval_of(f.energy, table), chip = interval_of(f.energy, table, Scope::Chip);
  j["energy_pj"] = energy_json(f.energy, table, all, chip);
  j["power_mw"] = f.power_mw(f.energy.total);
  j["power_chip_mw"] = f.power_mw(f.energy.on_chip());
  j["gops"] = f.gops();
  j["tops_per_w"] = f.tops_per_w(f.energy.total);
  j["tops_per_w_chip"] = f.tops_per_w(f.energy.on_chip());
  j["tops_per_w_interval"] = interval_json(f.tops_per_w(all));
  j["tops_per_w_chip_interval"] = interval_json(f.tops_per_w(chip));
  const auto per_op = [&](Picojoules e) { return f.ops() > 0 ? Json(f.energy_per_op_pj(e)) : Json(nullptr); };
  j["energy_per_op_pj"] = per_op(f.energy.total);
  j["energy_per_op_chip_pj"] = per_op(f.energy.on_chip());
  j["energy_delay_j_s"] = f.energy_delay_j_s(f.energy.total);
  j["energy_delay_chip_j_s"] = f.energy_delay_j_s(f.energy.on_chip());
  j["dram_bytes"] = bytes_json(f.dram);
  j["glb_bytes"] = bytes_json(f.glb);
  j["glb_dram_side_bytes"] = bytes_json(f.glb_dram_side);
}

/// Row-major figures of PEs as rows.
static Json rows_json(const std::vector<std::int64_t>& all, std::int64_t columns) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (static_cast<std::int64_t>(i) % columns == 0) rows.push_back(Json::array());
    rows.back().push_back(all[i]);
  }
  return rows;
}

static Json layer_json(const LayerReport& l, const EnergyTable& table, std::int64_t columns) {
  Json j{{"name", l.name}, {"op", l.op}, {"place", std::string(name_of(l.place))}};
  if (!l.part_of.empty()) j["part_of"] = l.part_of;
  if (l.step) j["step"] = *l.step;
  if (l.place != PlaceOf::Machine) {
    j["cost"] = l.place == PlaceOf::Host ? "not modelled" : "none";
    j["reason"] = l.reason;
    for (const char* key : {"macs", "ops", "cycles", "latency_ms", "energy_pj"}) j[key] = nullptr;
    return j;
  }
  put_figures(j, l.figures, table);
  j["active_pes"] = l.active_pes;
  j["passes"] = l.passes;
  j["pe_macs"] = rows_json(l.pe_macs, columns);
  j["input_zeros"] = l.input_zeros;
  j["arithmetic"] = {{"product_shift", l.arithmetic.product_shift},
                     {"output_shift", l.arithmetic.output_shift},
                     {"input_bits", l.arithmetic.widths.input.count()},
                     {"weight_bits", l.arithmetic.widths.weight.count()},
                     {"psum_bits", l.arithmetic.widths.psum.count()},
                     {"output_bits", l.arithmetic.widths.output.count()},
                     {"relu", l.arithmetic.activation == Activation::Relu},
                     {"activation", std::string(name_of(l.arithmetic.activation))}};
  if (l.precision) {
    j["widths"] = {{"input", l.precision->words.input.count()},
                   {"weight", l.precision->words.weight.count()},
                   {"psum", l.precision->words.psum.count()},
                   {"output", l.precision->words.output.count()}};
    j["packing"] = std::string(name_of(l.precision->packing));
  }
  j["dataflow"] = l.dataflow;
  j["mapping_origin"] = l.mapping_origin;
  j["mapping"] = l.mapping;
  j["loop_nest"] = loop_nest_json(l.loops);
  j["loop_text"] = l.loop_text;
  j["counts"] = counts_json(l.figures.counts);
  j["analytic"] = {{"cycles_bound", l.analytic.cycles_bound.count()},
                   {"cycles_estimate", l.analytic.cycles_estimate.count()},
                   {"counts_equal", l.analytic.counts_equal}};
  if (l.deadlock) j["deadlock"] = {{"at_cycle", l.deadlock->at.count()}, {"wait_for", l.deadlock->wait_for}};
  Json lines = Json::array();
  for (const auto& e : l.figures.energy.lines)
    lines.push_back({{"component", e.component},
                     {"tensor", e.tensor},
                     {"action", e.action},
                     {"units", e.units},
                     {"energy_pj", e.energy.count()},
                     {"price", e.price},
                     {"origin", e.scaled ? "scaled" : "table"},
                     {"confidence", std::string(name_of(confidence_of(e, table)))}});
  j["energy_lines"] = lines;
  return j;
}

/// Who the energy rests on, most first.
static void put_sources(Json& j, const EnergyReport& e, const EnergyTable& table) {
  j["by_source"] = j["interval_by_source"] = Json::object();
  for (const auto& s : by_source(e, table)) {
    j["by_source"][s.source] = s.energy.count();
    j["interval_by_source"][s.source] = interval_json(s.interval);
  }
}

/// The table that priced the run; `charged_pj` is what each price added to the totals.
static Json table_json(const EnergyTable& t, const EnergyReport& totals) {
  Json prices = Json::array();
  const auto charged = totals.by_price(t.prices.size());
  for (std::size_t i = 0; i < t.prices.size(); ++i) {
    const Price& p = t.prices[i];
    prices.push_back({{"component", p.component},
                      {"action", std::string(name_of(p.action))},
                      {"energy_pj", p.energy.count()},
                      {"per", std::string(name_of(p.per))},
                      {"at_bits", p.at.count()},
                      {"source", p.source},
                      {"confidence", std::string(name_of(p.confidence))},
                      {"note", p.note},
                      {"interval_pj", {p.energy.count() / p.width(), p.energy.count() * p.width()}},
                      {"interval_origin", p.within ? "table" : "usual width of its confidence"},
                      {"charged_pj", charged[i].count()}});
  }
  return {{"name", t.name},
          {"title", t.title},
          {"technology_nm", t.technology.nm},
          {"voltage_v", t.voltage.v},
          {"prices", prices}};
}

/// How time was advanced, by component.
static Json advanced_json(const Advanced& a) {
  return {{"passes",
           {{"cycle", a.passes.stepped},
            {"run_ahead", a.passes.ahead},
            {"replay", a.passes.replayed},
            {"cut", a.passes.cut}}},
          {"array",
           {{"cycles_stepped", a.cycles_stepped},
            {"cycles_ahead", a.cycles_ahead},
            {"cycles_replayed", a.cycles_replayed},
            {"kernel_activations", a.array_activations}}},
          {"dram_link", {{"time", "of events, asked ahead"}, {"moves", a.tile_moves}}},
          {"controller", {{"time", "of events"}, {"kernel_activations", a.controller_activations}}}};
}

static Json host_json(const ExperimentResult& r) {
  const double wall = r.host.wall_s > 0 ? r.host.wall_s : 1;
  const auto cycles = static_cast<double>(r.totals.cycles.count());
  return {{"wall_s", r.host.wall_s},
          {"cpu_s", r.host.cpu_s},
          {"simulated_cycles_per_s", cycles / wall},
          {"pe_cycles_per_s", cycles * static_cast<double>(r.architecture.pes()) / wall},
          {"macs_per_s", static_cast<double>(r.totals.macs.count()) / wall},
          {"peak_rss_mb", r.host.peak_rss_mb},
          {"memory_bound_mb", r.host.memory_bound_mb},
          {"jobs", r.host.jobs},
          {"stepping", r.host.stepping},
          {"advanced", advanced_json(r.host.advanced)}};
}

static void put_per_inference(Json& j, const ExperimentResult& r) {
  const auto all = r.totals.energy.total, chip = r.totals.energy.on_chip();
  j["inferences_per_s"] = r.inferences_per_s();
  j["energy_per_inference_uj"] = r.energy_per_inference_uj(all);
  j["energy_per_inference_chip_uj"] = r.energy_per_inference_uj(chip);
  j["inferences_per_j"] = r.inferences_per_j(all);
  j["inferences_per_j_chip"] = r.inferences_per_j(chip);
  j["energy_delay_per_inference_j_s"] = r.energy_delay_per_inference_j_s();
  if (const auto* l = r.hungriest())
    j["peak_power"] = {{"layer", l->name},
                       {"power_mw", l->figures.power_mw(l->figures.energy.total)},
                       {"power_chip_mw", l->figures.power_mw(l->figures.energy.on_chip())},
                       {"resolution", "mean of the layer that draws most"}};
}

template <class T>
static Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// A baseline beside us: figures of one inference of our network, then what they rest on.
static Json comparison_json(const BaselineComparison& c) {
  Json j{{"name", c.name},
         {"title", c.title},
         {"kind", std::string(name_of(c.family))},
         {"comparison", std::string(name_of(c.likeness))},
         {"label", c.label},
         {"latency_ms", c.latency ? Json(c.latency->count() * 1e3) : Json(nullptr)},
         {"energy_per_inference_uj", c.energy ? Json(c.energy->count() * 1e-6) : Json(nullptr)},
         {"gops", or_null(c.by ? c.by->gops() : std::nullopt)},
         {"gops_per_w", or_null(c.by ? c.by->gops_per_w() : std::nullopt)},
         {"speedup", or_null(c.speedup)},
         {"energy_ratio", or_null(c.energy_ratio)},
         {"energy_ratio_chip", or_null(c.energy_ratio_chip)},
         {"power_of", c.power_of},
         {"note", c.note}};
  if (const auto& n = c.normalised)
    j["normalised"] = {{"node_nm", n->to.nm},
                       {"voltage_v", n->to_voltage.v},
                       {"from_node_nm", n->from.nm},
                       {"from_voltage_v", n->from_voltage.v},
                       {"from_voltage_is", n->nominal ? "usual for the node" : "its own"},
                       {"factor", n->factor},
                       {"within", n->within},
                       {"energy_per_inference_uj", or_null(c.normalised_by(c.energy->count() * 1e-6))},
                       {"energy_ratio", or_null(c.normalised_by(c.energy_ratio))},
                       {"energy_ratio_chip", or_null(c.normalised_by(c.energy_ratio_chip))},
                       {"confidence", std::string(name_of(n->confidence))},
                       {"source", n->source},
                       {"note", n->note}};
  if (!c.by) return j;
  j["measured"] = {{"network", c.by->of()},
                   {"macs", or_null(c.by->macs)},
                   {"batch", c.by->batch},
                   {"precision", c.by->precision ? Json(std::string(name_of(*c.by->precision))) : Json(nullptr)},
                   {"clock_mhz", c.by->clock ? Json(c.by->clock->count() * 1e-6) : Json(nullptr)},
                   {"conditions", c.by->conditions},
                   {"source", c.by->source},
                   {"confidence", std::string(name_of(c.by->confidence))},
                   {"energy_confidence", c.energy ? Json(std::string(name_of(c.by->energy_trust()))) : Json(nullptr)},
                   {"note", c.by->note}};
  return j;
}

static Json battery_json(const BatteryLife& life) {
  const auto& b = life.asked;
  return {{"capacity_mah", b.capacity_mah},
          {"voltage_v", b.voltage.v},
          {"energy_j", life.energy_j},
          {"idle_power_mw", b.idle_power.mw},
          {"basis", std::string(name_of(b.basis))},
          {"possible", life.possible()},
          {"duty", life.duty},
          {"most_inferences_per_hour", life.most_per_hour},
          {"average_power_mw", life.average_power_mw},
          {"life_h", life.hours},
          {"life_days", life.hours / 24},
          {"inferences", life.inferences}};
}

/// `target` is the one of efficiency, as it always was; `targets` are all.
static void put_targets(Json& j, const ExperimentResult& r) {
  j["target"] = {{"tops_per_w", or_null(r.settings.targets.tops_per_w)}, {"met", nullptr}};
  j["targets"] = Json::array();
  for (const auto& v : r.targets) {
    if (v.name == "tops_per_w") j["target"]["met"] = v.met;
    j["targets"].push_back({{"name", v.name},
                            {"unit", v.unit},
                            {"bound", v.at_least ? "at least" : "at most"},
                            {"wanted", v.wanted},
                            {"ours", v.ours},
                            {"met", v.met},
                            {"margin", v.margin},
                            {"basis", v.basis}});
  }
  if (r.battery) j["battery"] = battery_json(*r.battery);
}

std::string to_json(const ExperimentResult& r) {
  Json j{
      {"schema", kResultSchema},
      {"eyrie_version", kVersion},
      {"units",
       r.settings.fidelity == kClosedForm
           ? "one MAC is two ops; TOP/W with DRAM unless the key says chip; bytes are of the closed form, cycles its "
             "estimate, energy is counts x table"
           : "one MAC is two ops; TOP/W with DRAM unless the key says chip; bytes and cycles are simulated, energy is "
             "counts x table"},
      {"architecture", architecture_json(r.architecture)},
      {"workload",
       {{"name", r.workload},
        {"title", r.workload_title},
        {"batch", r.batch},
        {"macs", r.network_macs.count()},
        {"ops", 2 * r.network_macs.count()}}},
      {"dataflow", r.settings.dataflow},
      {"fidelity", r.settings.fidelity},
      {"seed", r.settings.seed},
      {"command", r.settings.command},
      {"energy_table", table_json(r.table, r.totals.energy)},
      {"layers", Json::array()}};
  for (const auto& l : r.layers) j["layers"].push_back(layer_json(l, r.table, r.architecture.array.columns));
  put_figures(j["totals"], r.totals, r.table);
  put_sources(j["totals"]["energy_pj"], r.totals.energy, r.table);
  j["totals"]["left_out"] = r.left_out;
  put_per_inference(j["totals"], r);
  j["totals"]["gops_per_mm2"] = or_null(r.gops_per_mm2());
  j["area"] = area_json(r);
  j["baselines"] = Json::array();
  for (const auto& c : r.baselines) j["baselines"].push_back(comparison_json(c));
  put_targets(j, r);
  if (r.answer) j["answer"] = answer_json(*r.answer);
  j["not_modelled"] = not_modelled(r);
  j["host"] = host_json(r);
  // A path on the command line need not be UTF-8; it must not cost the user the result.
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eyrie
