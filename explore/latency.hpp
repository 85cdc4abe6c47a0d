#pragma once

// How long a link takes, as a distribution. Everything here is in closed form: no random number is drawn, so means and
// percentiles are the same in every run.

#include <string>
#include <vector>

#include "explore/figure.hpp"

namespace eyrie {

enum class LatencyShape : std::uint8_t { Constant, Normal, Lognormal, Empirical };
template <>
struct names<LatencyShape> {
  static constexpr Name<LatencyShape> table[] = {
      {"constant", LatencyShape::Constant, "always the same"},
      {"normal", LatencyShape::Normal, "normal, values below 0 cut off and the rest scaled up to a whole"},
      {"lognormal", LatencyShape::Lognormal, "lognormal, by its median and its 99th percentile"},
      {"empirical", LatencyShape::Empirical, "measured values, each equally likely"}};
};

/// A distribution of times that are not negative.
struct Latency {
  LatencyShape shape = LatencyShape::Constant;
  Seconds value{};             ///< constant
  Seconds centre{}, spread{};  ///< normal: mean and standard deviation before values below 0 are cut off
  Seconds median{}, p99{};     ///< lognormal
  std::vector<Seconds> samples;
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
  Place where;
};
void describe(Fields&, Latency&);
/// What no range of a single key can say: samples are there, the 99th percentile lies above the median.
void check(const Latency&, const std::string& key, Diagnostics&);
/// Its numbers, as results list them.
std::vector<StatedFigure> figures_of(const Latency&, const std::string& key);

Seconds mean_of(const Latency&);
/// The smallest time t with P(latency <= t) >= share; 0 < share < 1.
Seconds quantile(const Latency&, double share);
/// P(latency <= t).
double share_within(const Latency&, Seconds t);

/// `fixed + factor * varying`: work and transfers that always take the same, and so many times the link's latency.
struct ShiftedLatency {
  Seconds fixed{};
  double factor = 0;
  Latency varying;
};
Seconds mean_of(const ShiftedLatency&);
Seconds quantile(const ShiftedLatency&, double share);
double share_within(const ShiftedLatency&, Seconds t);

/// Of a share of the inputs `longer`, of all others `shorter`, which is never more than `longer` can be.
struct LatencyMixture {
  Seconds shorter{};
  double share = 0;  ///< of `longer`, 0 to 1
  ShiftedLatency longer;
};
Seconds mean_of(const LatencyMixture&);
Seconds quantile(const LatencyMixture&, double share);
double share_within(const LatencyMixture&, Seconds t);

}  // namespace eyrie
