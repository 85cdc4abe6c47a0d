#pragma once

// Seeds of random cases. They are the same in every run, unless EYRIE_TEST_SEED says where to begin: scripts/nightly.sh
// makes it from the date.

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace eyrie::test {

/// The first seed of a property test: EYRIE_TEST_SEED, else 0. A case that failed with seed s is the first one of a run
/// with EYRIE_TEST_SEED=s.
inline std::uint64_t first_seed() {
  const char* text = std::getenv("EYRIE_TEST_SEED");
  if (!text) return 0;
  const std::string_view digits{text};
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw std::invalid_argument{"EYRIE_TEST_SEED is not a number"};
  return seed;
}

}  // namespace eyrie::test
