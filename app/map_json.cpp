#include <nlohmann/json.hpp>

#include "app/map_command.hpp"

namespace eyrie {

using Json = nlohmann::json;

static Json certificate_json(const Certificate& c) {
  Json j{{"rank", c.rank},
         {"energy_pj", c.energy_pj},
         {"cycles_bound", c.cycles_bound},
         {"cycles_estimate", c.cycles_estimate},
         {"lower_bound", c.lower_bound},
         {"complete", c.complete},
         {"log10_space", c.log10_space},
         {"nodes", c.nodes},
         {"passes", c.passes},
         {"nests", c.nests},
         {"dropped",
          {{"bound", c.bound_cut},
           {"array_full", c.array_full},
           {"spads_full", c.spads_full},
           {"buffers_full", c.buffers_full},
           {"gaps", c.gaps}}},
         {"root_bound", c.root_bound},
         {"search_s", c.search_s}};
  if (!c.verified.empty()) j["verified"] = c.verified;
  if (c.simulated_cycles > 0) j["simulated"] = {{"cycles", c.simulated_cycles}, {"energy_pj", c.simulated_energy_pj}};
  return j;
}

std::string to_json(const MappedNetwork& all) {
  Json j{{"schema", "eyrie.map/1"},
         {"architecture", all.architecture},
         {"workload", all.workload},
         {"batch", all.batch},
         {"dataflow", all.dataflow},
         {"energy_table", all.energy_table},
         {"objective", std::string(name_of(all.objective))},
         {"layers", Json::array()}};
  for (const auto& l : all.layers) {
    Json layer{{"name", l.layer}, {"macs", l.nest.macs().count()}, {"mappings", Json::array()}};
    for (const auto& m : l.best) {
      layer["mappings"].push_back(certificate_json(*m.certificate));
      layer["mappings"].back()["mapping"] = mapping_yaml(Mapping{m.nest}, l.layer, all.architecture, all.workload);
    }
    if (l.given)
      layer["ships"] = {{"from", l.given_origin},
                        {"energy_pj", l.given->energy_pj},
                        {"cycles_bound", l.given->cycles_bound},
                        {"cycles_estimate", l.given->cycles_estimate}};
    j["layers"].push_back(layer);
  }
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eyrie
