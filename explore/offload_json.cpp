#include "explore/scenario_parts.hpp"

namespace eyrie {

using Json = ScenarioJson;

static Json layer_json(const OffloadLayer& l) {
  return {{"name", l.name},
          {"op", l.op},
          {"basis", std::string(name_of(l.basis))},
          {"cloud_modelled", l.cloud_modelled},
          {"device_latency_ms", in_ms(l.device_latency)},
          {"device_energy_uj", in_uj(l.device_energy)},
          {"cloud_latency_ms", in_ms(l.cloud_latency)},
          {"cloud_energy_uj", in_uj(l.cloud_energy)}};
}

static Json tensor_json(const OffloadTensor& t, const OffloadNetwork& n) {
  Json readers = Json::array();
  for (const auto r : t.readers) readers.push_back(n.layers[r].name);
  return {{"name", t.name},
          {"producer", t.producer ? Json(n.layers[*t.producer].name) : Json(nullptr)},
          {"readers", readers},
          {"result", t.result},
          {"bits", t.bits.count()}};
}

static Json plan_json(const OffloadPlan& p, const OffloadAnswer& a) {
  Json sides = Json::object();
  for (std::size_t i = 0; i < p.sides.size(); ++i) sides[a.network.layers[i].name] = std::string(name_of(p.sides[i]));
  Json j{{"where", p.where(a.network)},
         {"sides", sides},
         {"latency_ms", latency_json(p.latency, a.terms.percentile)},
         {"parts_ms",
          {{"device", in_ms(p.on_device)},
           {"link", in_ms(p.on_link)},
           {"round_trip", in_ms(mean_of(p.latency) - p.latency.fixed)},
           {"cloud", in_ms(p.in_cloud)}}},
         {"messages", p.messages},
         {"sent_bits", p.sent.count()},
         {"received_bits", p.received.count()},
         {"device_energy_uj",
          {{"total", in_uj(p.device_energy())},
           {"compute", in_uj(p.compute)},
           {"radio", in_uj(p.radio)},
           {"waiting", in_uj(p.waiting)}}},
         {"cloud_energy_uj", in_uj(p.cloud)}};
  if (a.deadline) j["deadline"] = deadline_json(p.latency, a.terms.percentile, a.deadline->value);
  return j;
}

std::string to_json(const OffloadAnswer& a) {
  auto j = head_json(a.head, "offload");
  j["machine"] = a.machine;
  j["workload"] = a.workload;
  j["objective"] = std::string(name_of(a.objective));
  j["percentile"] = a.terms.percentile;
  j["layers"] = Json::array();
  for (const auto& l : a.network.layers) j["layers"].push_back(layer_json(l));
  j["tensors"] = Json::array();
  for (const auto& t : a.network.tensors) j["tensors"].push_back(tensor_json(t, a.network));
  j["options"] = Json::array();
  for (const auto& o : a.options) {
    Json one{{"name", o.name}};
    one.update(plan_json(o.plan, a));
    j["options"].push_back(std::move(one));
  }
  j["best"] = a.best();
  j["prefixes"] = Json::array();
  for (const auto& p : a.prefixes) j["prefixes"].push_back(plan_json(p, a));
  if (a.deadline)
    j["deadline"] = {{"ms", in_ms(a.deadline->value)}, {"require", a.deadline->require}, {"met", a.deadline_met()}};
  return text_of(j);
}

}  // namespace eyrie
