#include "base/random.hpp"

#include <bit>

#include "base/ensure.hpp"

namespace eyrie {

static std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

Random::Random(std::uint64_t seed, std::string_view stream) {
  std::uint64_t state = seed ^ fnv1a(stream);
  for (auto& s : state_) s = splitmix64(state);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::int64_t Random::between(std::int64_t least, std::int64_t most) {
  ensure(least <= most, "a range has a first and a last number");
  const std::uint64_t size = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) + 1;
  if (size == 0) return static_cast<std::int64_t>(next());
  const std::uint64_t unfair = (0 - size) % size;  // numbers below this would favour the small ones
  std::uint64_t n = next();
  while (n < unfair) n = next();
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(least) + n % size);
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

bool Random::chance(double p) { return unit() < p; }

}  // namespace eyrie
