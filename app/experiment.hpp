#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "app/layer_mapper.hpp"
#include "app/recording.hpp"
#include "arch/architecture.hpp"
#include "base/yaml.hpp"
#include "dataflows/mapping_file.hpp"
#include "energy/energy_table.hpp"
#include "report/experiment_result.hpp"
#include "sim/simulate.hpp"
#include "workloads/forward.hpp"
#include "workloads/network.hpp"
#include "workloads/precision_plan.hpp"

namespace eyrie {

struct Trained;

/// What becomes of a layer that the PEs cannot do.
enum class HostRule : std::uint8_t { Allow, Refuse };
template <>
struct names<HostRule> {
  static constexpr Name<HostRule> table[] = {
      {"allow", HostRule::Allow, "it goes to the host, and every report says so and why"},
      {"refuse", HostRule::Refuse, "it is an error, unless the workload says `place: host`"}};
};

/// Widths of one layer's words, where they are not those of all; and, of a trained network, how their ranges are found.
struct LayerPrecision : LayerWordPrecision {
  std::optional<Bits> psums;
};

/// Widths of a network's words; unsaid: the machine's (app/precision.hpp).
struct PrecisionRequest {
  LayerPrecision all;  ///< of no one layer
  bool packed = false;
  std::vector<LayerPrecision> layers;
};
void describe(Fields&, PrecisionRequest&);

/// What a user asks for, from a file of kind `experiment`, from options, or both (options win).
struct Experiment {
  std::string kind = "experiment", name, architecture, workload;
  std::vector<std::string> architectures;  ///< instead of `architecture`: the machines of a comparison
  Place machines_at;                       ///< of `architectures` in the file
  std::string mappings;  ///< a mapping file or a name under configs/mappings; empty: ARCHITECTURE/WORKLOAD if it ships
  std::int64_t batch = 1;
  std::int64_t seed = 1;
  std::vector<std::string> layers;     ///< empty: all
  std::string dataflow;                ///< empty: what the machine is built for
  std::optional<Objective> objective;  ///< set: every layer is mapped anew, even where a mapping ships
  std::optional<Space> space;
  std::int64_t search_limit = 0;  ///< as `MapQuestion::node_limit`
  HostRule host = HostRule::Allow;
  /// Processors to compare with: names under configs/baselines, or files.
  std::vector<std::string> baselines{kStandardBaselines.begin(), kStandardBaselines.end()};
  bool normalise = false;          ///< baselines also to the machine's node and supply
  std::optional<Targets> targets;  ///< none: `standard_targets`
  std::optional<Battery> battery;
  Stepping stepping = Stepping::Replay;
  std::optional<PrecisionRequest> precision;  ///< none: words are as wide as the machine's
  std::string input;        ///< of a trained network: a file, or a name under configs/inputs; empty: from the seed
  std::string calibration;  ///< samples to find the ranges of a float model with; empty: those that the model names
};
void describe(Fields&, Experiment&);

/// Reads a file of kind `experiment`. Relative paths in it count from its folder, as `Catalogue::find` has it.
Experiment read_experiment(const YamlDocument&);

/// One layer ready to be simulated.
struct PlannedLayer {
  std::size_t number = 0;  ///< in network.layers()
  LayerNest nest;
  Mapping mapping;                                ///< empty until the mapper has chosen one
  std::string origin;                             ///< "file PATH" or "mapper: least energy"
  std::string dataflow;                           ///< that it obeys, as far as is known
  double cost = 0;                                ///< relative expected time
  std::shared_ptr<const LayerMachine> machine{};  ///< null: the experiment's
};

/// Everything read and checked; nothing simulated yet.
struct PreparedExperiment {
  Experiment experiment;
  Architecture architecture;
  Network network;
  EnergyTable table;
  Dataflow flow;
  std::optional<Dataflow> fallback;  ///< for layers that `flow` has no mapping for; none if a dataflow was asked for
  YamlDocument architecture_text, flow_text;  ///< for places of what stands in the way of a mapping
  std::vector<PlannedLayer> layers;
  std::vector<Baseline> baselines;           ///< to be compared with
  std::vector<Widths> widths{};              ///< of words, by number in `network.layers()`; empty: the machine's
  std::shared_ptr<const Trained> trained{};  ///< null: the network has no parameters but the seed's
};

/// A machine and its prices, without a network.
struct PreparedMachine {
  Architecture architecture;
  EnergyTable table;
};
PreparedMachine prepare_machine(const std::string& name, const std::vector<std::string>& overrides, const Catalogue&);

/// Reads all files of an experiment, applies overrides (`architecture.PATH`, `workload.PATH`, `energy_table.PATH`,
/// `dataflow.PATH`) and takes mappings from files. Energy table and dataflow may lie beside the machine's file. All
/// that is wrong in a file is one InputError.
/// Of one machine: InputError if the experiment has several.
PreparedExperiment prepare(const Experiment&, const std::vector<std::string>& overrides, const Catalogue&);

/// An experiment of several machines, once a machine, in the order of the file. All that is wrong for any of them is
/// one InputError; so are two machines of one name.
std::vector<PreparedExperiment> prepare_each(const Experiment&, const std::vector<std::string>& overrides,
                                             const Catalogue&);

/// What the mapper is asked for them: the experiment's objective and space, least energy and ragged if it has none.
MapSettings map_settings(const Experiment&, unsigned jobs, bool quiet);

/// Chooses mappings for the layers that have none. InputError for each that has no legal mapping, with what conflicts.
void map_layers(PreparedExperiment&, const MapSettings&, const std::function<bool()>& interrupted);

/// The best mappings of each layer under the experiment's dataflow or, where it has none, the machine's fallback.
std::vector<LayerMappings> best_mappings(const PreparedExperiment&, const std::vector<LayerToMap>&, const MapSettings&,
                                         const std::function<bool()>& interrupted);

/// Why a layer has no legal mapping: the layer's line, then the constraints that conflict, each at its place.
std::vector<Diagnostic> no_mapping(const PreparedExperiment&, const LayerToMap&, const MapQuestion&);

/// What a layer of a prepared experiment tells the mapper.
LayerToMap to_map(const PreparedExperiment&, const PlannedLayer&);

/// How to run.
struct RunOptions {
  unsigned jobs = 1;  ///< fewer processes run at once where memory is short
  bool quiet = false;
  std::optional<Bytes> memory;           ///< that may be held at most; none: what the system has available
  std::optional<Bytes> held;             ///< that is held already, as it is counted; none: what this process holds
  const Recording* recording = nullptr;  ///< what is drawn; null: nothing
};

/// What the layers must compute: on the seed's data, or on a trained network's.
ForwardPass reference_of(const PreparedExperiment&, unsigned jobs);

/// Names of the layers that a prepared experiment simulates.
std::vector<std::string> layer_names(const PreparedExperiment&);

/// Says how much memory it needs, runs the reference, then every planned layer on the simulator, each in a process of
/// its own, or in several if it is long. InputError if the memory does not suffice. `interrupted` is
/// polled; when it turns true the run stops, `finished` in the answer says what was done, and there are fewer outcomes
/// than layers.
struct RunAnswer {
  std::vector<LayerOutcome> outcomes;
  std::vector<std::string> finished;
  bool interrupted = false;
  std::optional<Answer> answer{};  ///< of a trained network
  Bytes memory_bound{};            ///< what it was said to need at most
};
RunAnswer run(const PreparedExperiment&, const RunOptions&, const std::function<bool()>& interrupted);

}  // namespace eyrie
