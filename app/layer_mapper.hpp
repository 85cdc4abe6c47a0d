#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/dataflow.hpp"
#include "dataflows/mapping_file.hpp"
#include "energy/energy_table.hpp"
#include "mapper/search.hpp"
#include "report/experiment_result.hpp"
#include "workloads/network.hpp"

namespace eyrie {

/// How mappings are chosen.
struct MapSettings {
  MapQuestion question;
  double time_limit_s = 0;  ///< of a layer's search; 0: none
  bool verify = false;
  unsigned jobs = 1;
  bool quiet = false;
};

/// One layer that wants a mapping.
struct LayerToMap {
  const Layer* layer = nullptr;
  LayerNest nest;
  bool reads_network_input = true;
  std::shared_ptr<const LayerMachine> machine{};  ///< null: that of its experiment
  const Tensor* filters = nullptr;                ///< of a trained network; null: they are as its file says
};

/// A layer's mappings, best first, each with its certificate; none if nothing is legal.
using LayerMappings = std::vector<LayerMapping>;

/// Prices of a table, as the mapper wants them. Table and machine must outlive it.
Pricing pricing_of(const Architecture&, const EnergyTable&);

/// Bytes after run-length coding a byte before, for words of which a share is zero at random.
double coded_share(double zeros, const RunLengthCode&, Bits word);

/// What is known of a layer's data before there are any: ifmap zeros that its file states, and how well they code.
DataFacts expected_facts(const LayerToMap&, const Architecture&);

/// Searches each different nest once, in processes of their own; layers that share one share its mappings. A search
/// that is interrupted gives the best that it has met. Progress goes to stderr.
std::vector<LayerMappings> map_layers(const std::vector<LayerToMap>&, const Architecture&, const Dataflow&,
                                      const EnergyTable&, const MapSettings&, const std::function<bool()>& interrupted);

}  // namespace eyrie
