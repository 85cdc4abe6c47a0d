#pragma once

#include <cstdint>
#include <string_view>

namespace eyrie {

/// The one seeded generator (xoshiro256**, Blackman and Vigna 2018, seeded by splitmix64), split by name so that
/// streams don't disturb each other. Same seed and name: same numbers on every machine.
class Random {
 public:
  Random(std::uint64_t seed, std::string_view stream);
  /// 64 uniform bits.
  std::uint64_t next();
  /// Uniform in [least, most], both included. Needs least <= most.
  std::int64_t between(std::int64_t least, std::int64_t most);
  /// Uniform in [0, 1).
  double unit();
  /// True with probability `p`.
  bool chance(double p);

 private:
  std::uint64_t state_[4];
};

}  // namespace eyrie
