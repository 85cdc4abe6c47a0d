#include "explore/big_little.hpp"

#include <algorithm>

namespace eyrie {

namespace {

/// What the big network adds to an input: on the link and beyond.
struct Added {
  ShiftedLatency latency;
  Picojoules radio{};
};

Added added(const BigOption& b) {
  if (!b.link) return {.latency = {.fixed = b.compute, .factor = 0, .varying = {}}, .radio = {}};
  const auto& l = *b.link;
  return {.latency = {.fixed = l.up.time_of(b.sent) + b.compute + l.down.time_of(b.received),
                      .factor = 1,
                      .varying = l.round_trip},
          .radio = l.up.energy_of(b.sent) + l.down.energy_of(b.received) + l.tail_energy()};
}

/// Energy of the device while the big network has an input. On the same chip nothing waits.
Picojoules while_big(const LittleHalf& little, const BigOption& b) {
  const auto more = added(b);
  const auto waits = b.where == BigPlace::SameChip ? Seconds{0} : mean_of(more.latency);
  return b.energy + more.radio + energy_over(little.idle_power, waits);
}

/// Energy while the little network has an input.
Picojoules while_little(const LittleHalf& little, const BigOption& b) {
  return little.energy + energy_over(b.idle_power, little.latency);
}

/// The largest x in [0, 1] with start + x * slope <= limit, slope >= 0.
std::optional<double> largest(double start, double slope, double limit) {
  if (start > limit) return std::nullopt;
  return slope * 1.0 <= limit - start ? 1.0 : (limit - start) / slope;
}

}  // namespace

BigLittleFigures big_little(const LittleHalf& little, const BigOption& b, double share) {
  auto longer = added(b).latency;
  longer.fixed += little.latency;
  return {.share = share,
          .latency = {.shorter = little.latency, .share = share, .longer = longer},
          .energy = while_little(little, b) + share * while_big(little, b),
          .cloud_energy = share * b.cloud_energy};
}

BigLittleFigures big_only(const LittleHalf& little, const BigOption& b) {
  if (b.where != BigPlace::Cloud)
    return {.share = 1,
            .latency = {.shorter = {}, .share = 1, .longer = {.fixed = b.compute, .factor = 0, .varying = {}}},
            .energy = b.energy,
            .cloud_energy = {}};
  return {.share = 1,
          .latency = {.shorter = {}, .share = 1, .longer = added(b).latency},
          .energy = while_big(little, b),
          .cloud_energy = b.cloud_energy};
}

LargestShares largest_shares(const LittleHalf& little, const BigOption& b, const BigLittleTargets& targets) {
  LargestShares all;
  const auto whole = big_little(little, b, 1);
  if (targets.deadline) {
    const auto d = *targets.deadline;
    all.mean = largest(little.latency.count(), (mean_of(whole.latency) - little.latency).count(), d.count());
    const double late = 1 - share_within(whole.latency.longer, d);
    if (little.latency <= d) all.percentile = largest(0, late, 1 - targets.percentile / 100);
  }
  const auto alone = while_little(little, b);
  if (targets.energy) all.energy = largest(alone.count(), (whole.energy - alone).count(), targets.energy->count());
  if ((!targets.deadline || all.percentile) && (!targets.energy || all.energy))
    all.all = std::min(all.percentile.value_or(1), all.energy.value_or(1));
  return all;
}

double escalated_share(double prioritised, double recognised, double others_escalated) {
  return prioritised * (1 - recognised) + (1 - prioritised) * others_escalated;
}

}  // namespace eyrie
