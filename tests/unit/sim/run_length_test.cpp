#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "sim/run_length.hpp"

using namespace eyrie;
using namespace eyrie::sim;

TEST_CASE("the paper's example is coded in three pairs", "[unit][sim]") {
  // JSSC 2017, Fig. 8
  const std::vector<std::int16_t> values{0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22};
  const RunLengthCode code;
  const auto pairs = run_length_pairs(values, code);
  CHECK(pairs == std::vector<RunLevel>{{2, 12}, {4, 53}, {2, 22}});
  CHECK(packed_bytes(3, code) == Bytes{8});
  CHECK(packed_bytes(4, code) == Bytes{16});
}

TEST_CASE("a run longer than 31 zeros is cut by a zero level", "[unit][sim]") {
  std::vector<std::int16_t> values(40, 0);
  values.push_back(7);
  CHECK(run_length_pairs(values, {}) == std::vector<RunLevel>{{31, 0}, {8, 7}});
  CHECK(run_length_pairs(std::vector<std::int16_t>(3, 0), {}) == std::vector<RunLevel>{{2, 0}});
  CHECK(run_length_pairs({}, {}).empty());
}

TEST_CASE("what was coded comes back", "[unit][sim]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    Random random{seed, "rlc"};
    RunLengthCode code;
    code.run = Bits{random.between(1, 6)};
    std::vector<std::int16_t> values(static_cast<std::size_t>(random.between(0, 300)));
    const double density = random.unit();
    for (auto& v : values)
      v = random.chance(density) ? static_cast<std::int16_t>(random.between(-32768, 32767)) : std::int16_t{0};
    const auto pairs = run_length_pairs(values, code);
    CHECK(run_length_values(pairs) == values);
    for (const auto& p : pairs) CHECK(p.run < (1 << code.run.count()));
  }
}
