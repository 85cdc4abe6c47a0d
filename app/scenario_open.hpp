#pragma once

// A scenario file with everything that it names, read and checked; nothing simulated yet.

#include "app/scenario_file.hpp"

namespace eyrie {

/// Kinds of files that are scenarios.
inline bool is_scenario(std::string_view kind) { return kind == "offload" || kind == "big_little"; }

struct OpenOffload {
  OffloadFile file;
  PreparedExperiment device;
};

/// One way to run the big network: a prepared chip, or in the cloud a network alone.
struct OpenBig {
  BigFile file;
  std::optional<PreparedExperiment> chip;
  Network network;
};

struct OpenBigLittle {
  BigLittleFile file;
  PreparedExperiment little;
  std::vector<OpenBig> big;
};

/// Applies overrides, reads the file and what it names. Overrides begin with `scenario.`; those of kind offload also
/// with what `prepare` knows, for the device. InputError with all that is wrong: keys, names, machines, networks,
/// layers whose cost nothing states.
OpenOffload open_offload(YamlDocument, const std::vector<std::string>& overrides, const Catalogue&);
OpenBigLittle open_big_little(YamlDocument, const std::vector<std::string>& overrides, const Catalogue&);

/// What a layer costs beyond the link, and whether anything says so.
struct CloudCost {
  Seconds latency{};
  Picojoules energy{};
  bool modelled = true;
};
/// Stated, or 2 ops a MAC, comparison or addition of the layer's loop nest over the throughput.
CloudCost cloud_cost(const Layer&, const CloudFile&);

/// What is stated of a layer that the machine leaves to its host; null if nothing is.
const HostCost* host_cost(const Layer&, const HostCosts&);

}  // namespace eyrie
