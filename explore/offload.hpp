#pragma once

// A network on a device that may leave layers to a cloud: what each choice costs, and which choice is best.

#include <optional>
#include <string>
#include <vector>

#include "explore/link.hpp"
#include "explore/min_cut.hpp"
#include "workloads/network.hpp"

namespace eyrie {

/// What "best" means.
enum class OffloadObjective : std::uint8_t { DeviceEnergy, MeanLatency, PercentileLatency };
template <>
struct names<OffloadObjective> {
  static constexpr Name<OffloadObjective> table[] = {
      {"device_energy", OffloadObjective::DeviceEnergy, "mean energy of the device for an input, radio included"},
      {"mean_latency", OffloadObjective::MeanLatency, "mean time from an input to its result on the device"},
      {"percentile_latency", OffloadObjective::PercentileLatency,
       "the time within which `percentile` of all are done"}};
};

/// Where a layer's cost on the device comes from.
enum class CostBasis : std::uint8_t { Simulated, Stated, NotModelled, Nothing };
template <>
struct names<CostBasis> {
  static constexpr Name<CostBasis> table[] = {{"simulated", CostBasis::Simulated, "on the device's machine"},
                                              {"stated", CostBasis::Stated, "by the scenario's `host_cost`"},
                                              {"not_modelled", CostBasis::NotModelled, "counted as free"},
                                              {"nothing", CostBasis::Nothing, "nothing to do at run time"}};
};

/// A layer's cost on either side.
struct OffloadLayer {
  std::string name, op;
  CostBasis basis = CostBasis::Simulated;
  bool cloud_modelled = true;  ///< false: it counts as free in the cloud
  Seconds device_latency{}, cloud_latency{};
  Picojoules device_energy{}, cloud_energy{};
};

/// A tensor between layers, or one that comes in on the device.
struct OffloadTensor {
  std::string name;
  std::optional<std::size_t> producer;
  std::vector<std::size_t> readers;
  bool result = false;  ///< no layer reads it: it is wanted on the device
  Bits bits{};          ///< as it crosses the link
};

struct OffloadNetwork {
  std::vector<OffloadLayer> layers;  ///< producers first
  std::vector<OffloadTensor> tensors;
};

/// How tensors are written on the link.
struct LinkCoding {
  double network_input = 1;   ///< bits sent for a bit of it
  double between_layers = 1;  ///< the same for all other tensors
};

/// The tensors of a network whose layers cost what is given: network inputs at the width of input words, all others at
/// that of output words, rounded up to whole bytes. States that a recurrent cell begins with cross nothing: they are
/// zeros. A layer that reads a part of a tensor wants all of it on its side.
OffloadNetwork offload_network(const Network&, const Widths&, const LinkCoding&, std::vector<OffloadLayer>);

/// What choices are weighed by.
struct OffloadTerms {
  Link link;
  Milliwatts idle_power;  ///< of the device while it waits for link and cloud
  Seconds service{};      ///< in the cloud, once an inference that uses it
  double percentile = 99;
};

/// What a choice of sides comes to. Device, link and cloud take turns.
struct OffloadPlan {
  std::vector<Side> sides;
  Seconds on_device{}, on_link{}, in_cloud{};  ///< on the link: of bits, without its latency
  ShiftedLatency latency;
  Bits sent{}, received{};
  std::int64_t messages = 0;  ///< one a tensor
  Picojoules compute{}, radio{}, waiting{};
  Picojoules cloud{};  ///< not the device's

  [[nodiscard]] Picojoules device_energy() const { return compute + radio + waiting; }
  /// Adjacent layers on one side, joined: "device: conv1..pool5; cloud: fc6..fc8".
  [[nodiscard]] std::string where(const OffloadNetwork&) const;
};
OffloadPlan plan_of(const OffloadNetwork&, const OffloadTerms&, std::vector<Side>);

/// What an objective makes of a plan: joules or seconds.
double value_of(const OffloadPlan&, OffloadObjective, double percentile);

/// The costs of an objective as whole numbers of `unit` (joules or seconds), which is 1e-15 or, where sums would not
/// fit, a power of ten times that. `once` is paid by every choice that leaves anything to the cloud.
struct OffloadCosts {
  CutProblem problem;
  std::int64_t once = 0;
  double unit = 1e-15;
};
/// InputError if sums are not finite.
OffloadCosts costs_of(const OffloadNetwork&, const OffloadTerms&, OffloadObjective);

/// The best of all choices, proven by a minimum cut. Ties stay on the device.
OffloadPlan best_plan(const OffloadNetwork&, const OffloadTerms&, OffloadObjective);

/// A choice by name.
struct OffloadOption {
  std::string name;
  OffloadPlan plan;
};

/// Local, cloud, and the best cut for each objective, by name.
std::vector<OffloadOption> options_of(const OffloadNetwork&, const OffloadTerms&);
/// The first n layers on the device and the others in the cloud, for n from none to all.
std::vector<OffloadPlan> prefixes_of(const OffloadNetwork&, const OffloadTerms&);

}  // namespace eyrie
