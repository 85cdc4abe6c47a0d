#pragma once

// Files of kind `offload` and `big_little` as they are written.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/experiment.hpp"
#include "explore/scenario.hpp"

namespace eyrie {

/// What a layer costs that the machine cannot do, once it is done beside the machine.
struct HostCost {
  Seconds latency{};
  Picojoules energy{};
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
};
void describe(Fields&, HostCost&);

using HostCosts = std::vector<std::pair<std::string, HostCost>>;

/// A network on a machine, an input at a time.
struct ChipFile {
  std::string architecture, workload, mappings, dataflow;
  std::optional<Objective> objective;
  std::optional<Space> space;
  std::int64_t seed = 1;
  Figure<Milliwatts> idle_power;
  HostCosts host_cost;

  [[nodiscard]] Experiment experiment() const;
};
void describe(Fields&, ChipFile&);

using CloudLayers = std::vector<std::pair<std::string, Figure<Seconds>>>;

/// What computes beyond the link.
struct CloudFile {
  std::optional<Figure<double, Allowed::Positive>> throughput_gops;
  Figure<Seconds> service_time;
  std::optional<Figure<Picojoules>> energy_per_op;
  CloudLayers layers;
};
void describe(Fields&, CloudFile&);

/// Bits on the link for a bit of a tensor.
struct CodingFile {
  std::optional<Figure<double, Allowed::Positive>> network_input, between_layers;
};
void describe(Fields&, CodingFile&);

/// Something to be met.
template <class T>
struct Target {
  T value{};
  bool require = false;
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
};
void describe(Fields&, Target<Seconds>&);
void describe(Fields&, Target<Picojoules>&);

struct OffloadFile {
  std::string kind = "offload", name, title;
  ChipFile device;
  Link link;
  CloudFile cloud;
  std::optional<CodingFile> coding;
  OffloadObjective objective = OffloadObjective::DeviceEnergy;
  double percentile = 99;
  std::optional<Target<Seconds>> deadline;
  bool allow_unmodelled = false;
};
void describe(Fields&, OffloadFile&);

/// The share of inputs that go on: stated, or from what the little network makes of classes.
struct EscalatedFile {
  bool from_classes = false;
  Figure<double, Allowed::Share> share, prioritised, recognised, others_escalated;

  [[nodiscard]] double value() const;
  [[nodiscard]] std::string origin() const;
};
void describe(Fields&, EscalatedFile&);

/// One way to run the big network.
struct BigFile {
  std::string name;
  BigPlace where = BigPlace::Cloud;
  ChipFile chip;  ///< in the cloud only its workload; on the same chip without architecture and idle power
  Link link;
  CloudFile cloud;
};
void describe(Fields&, BigFile&);

struct BigLittleFile {
  std::string kind = "big_little", name, title;
  ChipFile little;
  EscalatedFile escalated;
  std::vector<BigFile> big;
  double percentile = 99;
  std::int64_t steps = 10;
  std::optional<Target<Seconds>> deadline;
  std::optional<Target<Picojoules>> energy;
  bool allow_unmodelled = false;
};
void describe(Fields&, BigLittleFile&);

/// All numbers of a file that are no result, by the path under which they stand.
std::vector<StatedFigure> figures_of(const OffloadFile&);
std::vector<StatedFigure> figures_of(const BigLittleFile&);

/// What reading single keys cannot find: kinds, latencies, names that stand twice.
void check(const OffloadFile&, const YamlDocument&, Diagnostics&);
void check(const BigLittleFile&, const YamlDocument&, Diagnostics&);

}  // namespace eyrie
