#pragma once

// A small network that answers what it can, and a big one that gets a share of the inputs.

#include <optional>
#include <string>
#include <vector>

#include "explore/link.hpp"

namespace eyrie {

/// Where the big network runs.
enum class BigPlace : std::uint8_t { Cloud, SecondChip, SameChip };
template <>
struct names<BigPlace> {
  static constexpr Name<BigPlace> table[] = {
      {"cloud", BigPlace::Cloud, "beyond a link; its energy is not the device's"},
      {"second_chip", BigPlace::SecondChip, "on the device, beyond a link"},
      {"same_chip", BigPlace::SameChip, "the little one's chip, afterwards"}};
};

/// One way to run the big network, as costs of an input that it gets.
struct BigOption {
  std::string name;
  BigPlace where = BigPlace::Cloud;
  std::string network, machine;  ///< machine: empty in the cloud
  Seconds compute{};             ///< in the cloud with its service time
  Picojoules energy{};           ///< of a chip on the device
  Picojoules cloud_energy{};     ///< not the device's
  std::optional<Link> link;      ///< none on the same chip
  Bits sent{}, received{};       ///< the input again, and the result
  Milliwatts idle_power{};       ///< of a second chip while it waits for the little network
};

/// The little network and what it takes to use it.
struct LittleHalf {
  std::string network, machine;
  Seconds latency{};
  Picojoules energy{};
  Milliwatts idle_power{};  ///< of its chip while it waits for the big one
};

/// What an input costs when a share of all inputs goes on to the big network.
struct BigLittleFigures {
  double share = 0;
  LatencyMixture latency;
  Picojoules energy{};  ///< of the device, mean over inputs
  Picojoules cloud_energy{};
};

/// Every input runs through the little network, a share of them through the big one afterwards.
BigLittleFigures big_little(const LittleHalf&, const BigOption&, double share);
/// No little network: every input goes to the big one. A chip then works alone, without a link; beside a cloud the
/// device waits.
BigLittleFigures big_only(const LittleHalf&, const BigOption&);

/// What a mean or percentile of latency, and the mean energy, may be at most.
struct BigLittleTargets {
  std::optional<Seconds> deadline;
  std::optional<Picojoules> energy;
  double percentile = 99;
};

/// The largest share, 0 to 1, with which a target is met; none if not even the little network alone meets it.
struct LargestShares {
  std::optional<double> mean, percentile, energy;
  std::optional<double> all;  ///< the percentile and the energy, as far as they were asked for
};
/// In closed form: mean and energy are linear in the share; P(latency <= deadline) is, too.
LargestShares largest_shares(const LittleHalf&, const BigOption&, const BigLittleTargets&);

/// The share that goes on to the big network when the little one knows some classes only: those of its classes that it
/// doesn't recognise, and those of other classes that it hands on.
double escalated_share(double prioritised, double recognised, double others_escalated);

}  // namespace eyrie
