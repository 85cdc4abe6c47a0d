#pragma once

// The whole answer of a run, as values. Every rendering is made from this; its JSON form is the public schema
// eyrie.result/1.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "arch/precision.hpp"
#include "dataflows/mapped_loops.hpp"
#include "energy/area.hpp"
#include "energy/baseline.hpp"
#include "energy/energy_table.hpp"
#include "energy/interval.hpp"
#include "energy/price.hpp"
#include "report/answer.hpp"
#include "report/targets.hpp"
#include "sim/layer_result.hpp"
#include "workloads/arithmetic.hpp"
#include "workloads/network.hpp"

namespace eyrie {

inline constexpr const char* kVersion = "0.1.0";
inline constexpr const char* kResultSchema = "eyrie.result/1";
/// Fidelities of results.
inline constexpr const char* kCycleFidelity = "cycle";
inline constexpr const char* kClosedForm = "closed form";

/// What the closed form said of a layer before it was simulated.
struct Analytic {
  Cycles cycles_bound{}, cycles_estimate{};
  bool counts_equal = true;  ///< every count of the simulation, to the word
  bool operator==(const Analytic&) const = default;
};

/// What simulating one layer gave, before energy. It crosses a process boundary as JSON.
struct LayerOutcome {
  std::string layer, mapping, mapping_origin, dataflow;
  std::vector<MappedLoop> loops;  ///< of the mapping
  std::string loop_text;          ///< the mapping as a nest, for people
  Arithmetic arithmetic;
  LayerResult result;  ///< its ofmap stays in the process that made it
  bool checked = false;
  std::int64_t mismatches = 0;     ///< ofmap words that differ from the reference
  std::uint64_t ofmap_digest = 0;  ///< `digest_of` the reference's ofmap
  double input_zeros = 0;
  Analytic analytic;
};
std::string to_text(const LayerOutcome&);
LayerOutcome outcome_from_text(const std::string&);

/// What was asked for.
struct Settings {
  std::uint64_t seed = 1;
  std::string dataflow = "row_stationary", fidelity = kCycleFidelity, command;
  Targets targets = standard_targets();
  std::vector<Baseline> baselines;  ///< to be compared with
  bool normalise = false;           ///< baselines also to the machine's node and supply
  std::optional<Battery> battery;
};

/// What the run cost the machine that it ran on: the only part of a result that differs from run to run.
struct HostFigures {
  double wall_s = 0, cpu_s = 0;
  double peak_rss_mb = 0;      ///< of the process that held most
  double memory_bound_mb = 0;  ///< what the run was said to need at most, all processes together
  std::int64_t jobs = 1;
  std::string stepping = "replay";
  Advanced advanced;  ///< how time was, of all layers together
};

/// Bytes that crossed a memory's ports, by tensor.
struct TensorBytes {
  Bytes input{}, weight{}, output{};
  [[nodiscard]] Bytes total() const { return input + weight + output; }
  TensorBytes& operator+=(const TensorBytes&);
};

/// Figures of one layer, or of several together.
struct Figures {
  Macs macs{};
  Cycles cycles{}, processing_cycles{};
  CycleStack stack;
  ActionCounts counts;
  EnergyReport energy;
  TensorBytes dram, glb, glb_dram_side;  ///< glb: between buffer and array; glb_dram_side: fills and drains
  std::int64_t mismatches = 0;
  bool checked = true;
  double core_hz = 1;
  std::int64_t pes = 1;

  [[nodiscard]] double ops() const { return 2.0 * static_cast<double>(macs.count()); }  ///< one MAC is two operations
  [[nodiscard]] double latency_s() const { return static_cast<double>(cycles.count()) / core_hz; }
  [[nodiscard]] double energy_j(Picojoules e) const { return e.count() * 1e-12; }
  [[nodiscard]] double power_mw(Picojoules e) const { return latency_s() > 0 ? energy_j(e) / latency_s() * 1e3 : 0; }
  [[nodiscard]] double gops() const { return latency_s() > 0 ? ops() / latency_s() * 1e-9 : 0; }
  [[nodiscard]] double tops_per_w(Picojoules e) const {
    return e.count() > 0 ? ops() / e.count() : 0;
  }  ///< ops / pJ = TOP/s/W
  /// The same for an energy that lies between two, in pJ. The most energy is the least efficiency.
  [[nodiscard]] Interval tops_per_w(const Interval& e) const {
    return {tops_per_w(Picojoules{e.high}), tops_per_w(Picojoules{e.low})};
  }
  [[nodiscard]] double energy_per_op_pj(Picojoules e) const { return ops() > 0 ? e.count() / ops() : 0; }
  /// Energy-delay product, J s: the energy times the time that it took.
  [[nodiscard]] double energy_delay_j_s(Picojoules e) const { return energy_j(e) * latency_s(); }
  /// Useful MACs over the slots of all PEs; in closed form those of the layer over all slots.
  [[nodiscard]] double utilization() const;
  Figures& operator+=(const Figures&);
};

/// What a layer runs on whose words are not as wide as the machine's: the machine and its prices as they are for it.
struct LayerMachine {
  WordStorage precision;
  Architecture architecture;
  EnergyTable table;
};
using LayerMachines = std::map<std::string, std::shared_ptr<const LayerMachine>>;  ///< by layer

struct LayerReport {
  std::string name, op;
  PlaceOf place = PlaceOf::Machine;
  std::string reason;                ///< why it is not on the machine
  std::string part_of;               ///< the recurrent layer that it is part of
  std::optional<std::int64_t> step;  ///< of that layer, from 0
  std::string mapping, mapping_origin, dataflow;
  std::vector<MappedLoop> loops;
  std::string loop_text;
  Arithmetic arithmetic;
  std::uint64_t ofmap_digest = 0;  ///< `digest_of` the ofmap, as the reference has it
  double input_zeros = 0;
  std::int64_t passes = 0, active_pes = 0;
  std::vector<std::int64_t> pe_macs;     ///< MACs that each PE did, row-major
  std::optional<WordStorage> precision;  ///< of its words, where they are not the machine's
  std::optional<Deadlock> deadlock;
  Analytic analytic;
  Figures figures;  ///< empty for layers that are not on the machine
};

/// Node and supply that prices are of, said where they are not the machine's node: ", priced at 7 nm, 0.7 V". Else
/// empty.
std::string priced_elsewhere(const Architecture&, const EnergyTable&);

struct ExperimentResult {
  Architecture architecture;
  std::string workload, workload_title;
  std::int64_t batch = 1;
  Macs network_macs{};
  Settings settings;
  EnergyTable table;
  std::vector<LayerReport> layers;
  std::vector<std::string> left_out;          ///< layers for the machine that were not run; no figure contains them
  Figures totals;                             ///< of the layers that ran on the machine
  std::vector<TargetVerdict> targets;         ///< of those in the settings
  std::vector<BaselineComparison> baselines;  ///< with those in the settings
  std::optional<BatteryLife> battery;
  HostFigures host;
  AreaReport area{};               ///< of the chip, by the table
  std::optional<Answer> answer{};  ///< of a trained network

  /// Over all of the chip's area; none where some of it is unknown.
  [[nodiscard]] std::optional<double> gops_per_mm2() const {
    if (!area.complete() || area.total.um2 <= 0) return std::nullopt;
    return totals.gops() / (area.total.um2 * 1e-6);
  }
  [[nodiscard]] double inferences_per_s() const {
    return totals.latency_s() > 0 ? static_cast<double>(batch) / totals.latency_s() : 0;
  }
  [[nodiscard]] double energy_per_inference_uj() const { return energy_per_inference_uj(totals.energy.total); }
  [[nodiscard]] double energy_per_inference_uj(Picojoules e) const {
    return e.count() * 1e-6 / static_cast<double>(batch);
  }
  [[nodiscard]] double inferences_per_j(Picojoules e) const {
    return e.count() > 0 ? static_cast<double>(batch) / totals.energy_j(e) : 0;
  }
  /// Energy of an inference times its share of the time, J s.
  [[nodiscard]] double energy_delay_per_inference_j_s() const {
    return totals.energy_delay_j_s(totals.energy.total) / static_cast<double>(batch * batch);
  }
  /// The layer that draws most on average, with DRAM. Power within a layer is not resolved. Null if none ran.
  [[nodiscard]] const LayerReport* hungriest() const;
};

/// Prices the outcomes and sums them. Layers come in the network's order; those on the host or folded are listed as
/// such, those without an outcome are left out; those with a machine of their own are priced on it. InputError if the
/// table lacks a price.
ExperimentResult assemble(const Architecture&, const Network&, const EnergyTable&, const Settings&,
                          const std::vector<LayerOutcome>&, const HostFigures&, const LayerMachines& = {});

}  // namespace eyrie
