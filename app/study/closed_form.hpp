#pragma once

// A whole run in closed form: what `run` finds by simulation, found by formulas.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/experiment.hpp"

namespace eyrie {

/// What a layer's data decide: zeros. They depend on the network, its words and the seed, never on the mapping.
struct LayerData {
  double input_zeros = 0;   ///< share of ifmap words, padding not counted
  double moved_zeros = 0;   ///< share of the words that tiles consist of: padding is among them
  double output_zeros = 0;  ///< share of ofmap words
  std::int64_t zero_input_macs = 0, zero_weight_macs = 0, zero_both_macs = 0;  ///< padding counts as zero
};

/// Keeps the data of networks that several runs have in common. They are found by computing the network once.
class DataMemo {
 public:
  /// By number in `p.layers`.
  std::shared_ptr<const std::vector<LayerData>> of(const PreparedExperiment& p);

 private:
  std::map<std::string, std::shared_ptr<const std::vector<LayerData>>> kept_;
};

/// All layers of a prepared experiment, each with a mapping. Counts are those of a simulation, but for the bytes of
/// words that travel coded; cycles are the closed form's estimate. There is no cycle stack and no ofmap.
std::vector<LayerOutcome> closed_form(const PreparedExperiment&, DataMemo&);

}  // namespace eyrie
