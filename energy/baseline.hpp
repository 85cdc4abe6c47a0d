#pragma once

// Other processors to compare with: what was measured on them, and how a run of ours stands beside it.
//
// A measurement is of a network that ships here, of some of its layers, or of anything else, described in words. One
// with MACs can also be scaled to a network that it was not measured on, by operations at its GOP/s and GOP/W. Figures
// are never filled in: a processor whose power nobody measured has no energy.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/yaml.hpp"
#include "energy/energy_table.hpp"
#include "energy/normalise.hpp"

namespace eyrie {

/// What kind of processor.
enum class ProcessorFamily : std::uint8_t { Microcontroller, NeuralMicrocontroller, CpuBoard, Cpu, EmbeddedGpu, Gpu };
template <>
struct names<ProcessorFamily> {
  static constexpr Name<ProcessorFamily> table[] = {
      {"microcontroller", ProcessorFamily::Microcontroller, "a small core without an engine for networks"},
      {"nn_microcontroller", ProcessorFamily::NeuralMicrocontroller, "a microcontroller with an engine for networks"},
      {"cpu_board", ProcessorFamily::CpuBoard, "a single-board computer or mobile CPU"},
      {"cpu", ProcessorFamily::Cpu, "a desktop or server CPU"},
      {"embedded_gpu", ProcessorFamily::EmbeddedGpu, "a module with a small GPU"},
      {"gpu", ProcessorFamily::Gpu, "a graphics card"}};
};

/// Format of the elements that were computed with.
enum class Precision : std::uint8_t { Int8, Fp16, Fp32 };
template <>
struct names<Precision> {
  static constexpr Name<Precision> table[] = {
      {"int8", Precision::Int8}, {"fp16", Precision::Fp16}, {"fp32", Precision::Fp32}};
};

/// One published measurement.
struct PublishedRun {
  std::string network;               ///< a name under configs/workloads; empty: what `description` says
  std::string description;           ///< of what is no network of ours
  std::vector<std::string> layers;   ///< of `network`, if only these were measured
  std::optional<std::int64_t> macs;  ///< of one inference
  std::int64_t batch = 1;
  std::optional<Precision> precision;      ///< if it is known
  std::optional<Seconds> latency;          ///< of a batch
  std::optional<double> inferences_per_s;  ///< instead of `latency`
  std::optional<Picojoules> energy;        ///< of one inference
  std::optional<Milliwatts> power;         ///< instead of `energy`
  std::optional<Hertz> clock;
  std::string conditions, source, note;
  Confidence confidence = Confidence::Assumed;
  std::optional<Confidence> energy_confidence;  ///< of energy or power, where that is not `confidence`
  Place where;

  /// int8, fp16, fp32, or "precision not stated".
  [[nodiscard]] std::string said_precision() const;
  /// What it is of: the network, with its layers if those are not all, or the description.
  [[nodiscard]] std::string of() const;
  /// Of one inference: 1 / inferences_per_s, or latency / batch.
  [[nodiscard]] std::optional<Seconds> time() const;
  /// Of one inference: as measured, or power x time.
  [[nodiscard]] std::optional<Picojoules> energy_per_inference() const;
  /// 2 MACs / time and 2 MACs / energy; nothing without MACs.
  [[nodiscard]] std::optional<double> gops() const;
  [[nodiscard]] std::optional<double> gops_per_w() const;
  [[nodiscard]] Confidence energy_trust() const { return energy_confidence.value_or(confidence); }
  /// The lower one of time's and energy's.
  [[nodiscard]] Confidence trust() const;
};

struct Baseline {
  std::string kind = "baseline", name, title;
  ProcessorFamily family = ProcessorFamily::Microcontroller;
  std::string power_of;  ///< what its energies are of: the chip, a supply rail, a board
  std::string note;
  std::optional<Silicon> silicon;  ///< that it is made in, if that is known
  std::vector<PublishedRun> measurements;
};
void describe(Fields&, Baseline&);

/// Reads and checks: kind, at least one measurement, each of a network or a description, with a source, a time or an
/// energy, no figure twice, batches measured by rate or latency. All errors at once as InputError.
Baseline read_baseline(const YamlDocument&);

/// Names that a run is compared with unless it says otherwise: a microcontroller, one with an engine for networks, a
/// CPU board, an embedded GPU.
inline constexpr std::array kStandardBaselines{"nucleo_l4r5zi", "gap9_0v65", "raspberry_pi_4", "jetson_tx1"};

/// A run of ours, all of one inference. MACs are of the layers that ran.
struct OurFigures {
  std::string network;
  std::int64_t macs = 0, batch = 1;
  Seconds latency{};  ///< of a batch / batch
  Picojoules energy{}, on_chip{};
  /// Node and supply that baselines are brought to, beside the figures as published; none: as published only.
  std::optional<std::pair<Nanometres, Volts>> normalise_to;
};

/// On what a comparison rests.
enum class Likeness : std::uint8_t { Measured, Scaled, NotCompared };
template <>
struct names<Likeness> {
  static constexpr Name<Likeness> table[] = {{"measured", Likeness::Measured, "measured on this network"},
                                             {"scaled", Likeness::Scaled, "scaled by operations from another network"},
                                             {"not_compared", Likeness::NotCompared, "nothing to compare"}};
};

/// A processor beside us, of one inference of our network. Ratios are theirs / ours: above 1 we are better.
struct BaselineComparison {
  std::string name, title, power_of, note;
  ProcessorFamily family = ProcessorFamily::Microcontroller;
  Likeness likeness = Likeness::NotCompared;
  std::string label;               ///< "measured on this network", "scaled from NETWORK by operations", or why not
  std::optional<PublishedRun> by;  ///< that it rests on
  std::optional<Seconds> latency;
  std::optional<Picojoules> energy;
  std::optional<double> speedup;       ///< their latency / ours
  std::optional<double> energy_ratio;  ///< their energy / ours with DRAM
  std::optional<double> energy_ratio_chip;
  std::optional<Normalised> normalised;  ///< if it was asked for, and energy and silicon are known
  /// Times the factor of `normalised`; nothing without it.
  [[nodiscard]] std::optional<double> normalised_by(const std::optional<double>& published) const;
};

/// By a measurement on this network with as many MACs: of those the one with the nearest batch, then the best GOP/W.
/// Else by the one with the nearest number of MACs (as a ratio), scaled by operations. Else not compared, and the label
/// says why. What was measured stays as it is, also where it is normalised to another node and supply beside. Precision
/// is never normalised.
BaselineComparison compare(const Baseline&, const OurFigures&);

}  // namespace eyrie
