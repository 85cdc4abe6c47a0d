#pragma once

// The way between a device and something else that computes: a radio to the cloud, wires to a second chip.

#include <optional>

#include "base/units.hpp"
#include "explore/latency.hpp"

namespace eyrie {

/// One way of a link, as the device sees it.
struct LinkWay {
  Figure<double, Allowed::Positive> mbit_per_s;
  Figure<Picojoules> energy_per_bit;  ///< of the device: sending up, receiving down
  std::optional<Figure<Picojoules>> energy_per_message;

  [[nodiscard]] Seconds time_of(Bits) const;  ///< on the way itself, without the link's latency
  [[nodiscard]] Picojoules energy_of(Bits) const;
};

/// A radio that stays on for a while after the last message of an inference.
struct RadioTail {
  Figure<Milliwatts> power;
  Figure<Seconds> time;
};

/// A message takes half a round trip and the time of its bits. All messages of an inference meet the same round trip:
/// what makes a link slow (distance, load, a bad channel) lasts longer than an inference.
struct Link {
  LinkWay up, down;
  Latency round_trip;
  std::optional<RadioTail> tail;

  /// What the radio draws after the last message.
  [[nodiscard]] Picojoules tail_energy() const;
};
void describe(Fields&, LinkWay&);
void describe(Fields&, RadioTail&);
void describe(Fields&, Link&);
void check(const Link&, const std::string& key, Diagnostics&);
std::vector<StatedFigure> figures_of(const Link&, const std::string& key);

}  // namespace eyrie
