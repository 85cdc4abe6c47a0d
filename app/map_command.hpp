#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "app/experiment.hpp"

namespace eyrie {

/// What `eyrie map` was asked.
struct MapRequest {
  Experiment experiment;
  std::vector<std::string> overrides;
  MapSettings settings;
  std::size_t simulate_top = 0;  ///< so many of the best are simulated and ranked again; 0: none
  std::string out;               ///< folder for mapping files; empty: none are written
};

/// What simulating one of the kept mappings gave.
struct SimulatedMapping {
  Cycles cycles{};
  Picojoules energy{};
  double score = 0;
  bool right = true;  ///< ofmap equal to the reference's, counts to the closed form's
};

/// One layer's answer.
struct MappedLayer {
  std::string layer;
  LayerNest nest;
  LayerMappings best;                       ///< best first
  std::vector<SimulatedMapping> simulated;  ///< of the first ones of `best`
  std::optional<Certificate> given;         ///< the mapping that ships for it, under the same model
  std::string given_origin;
};

/// All layers.
struct MappedNetwork {
  std::string architecture, workload, dataflow, energy_table;
  std::int64_t batch = 1, pes = 1;
  Objective objective = Objective::Energy;
  std::vector<MappedLayer> layers;
};

/// Searches, verifies and simulates as asked, and writes the mapping files. InputError where a layer has no mapping.
MappedNetwork map_network(const MapRequest&, const Catalogue&, const std::function<bool()>& interrupted);

/// For a terminal of 120 columns: a row a layer, the fronts, the rankings, the certificates.
std::string to_table(const MappedNetwork&);
/// One row a mapping.
std::string to_csv(const MappedNetwork&);
/// All of it, mappings as the text of their files; schema eyrie.map/1.
std::string to_json(const MappedNetwork&);

}  // namespace eyrie
