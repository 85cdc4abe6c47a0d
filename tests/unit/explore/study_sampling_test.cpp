#include "explore/study/sampling.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "tests/support/seeds.hpp"

using namespace eyrie;

namespace {

using Sizes = std::vector<std::size_t>;
using Choices = std::vector<Choice>;

bool all_are(const Choice&) { return true; }
bool rising(const Choice& c) { return std::ranges::is_sorted(c); }

/// Different, inside the space, allowed.
void require_sound(const Choices& all, const Sizes& sizes, const Allowed& allowed) {
  CHECK(std::set<Choice>(all.begin(), all.end()).size() == all.size());
  for (const auto& c : all) {
    REQUIRE(c.size() == sizes.size());
    for (std::size_t i = 0; i < c.size(); ++i) REQUIRE(c[i] < sizes[i]);
    REQUIRE(allowed(c));
  }
}

using Sample = std::vector<Choice> (*)(const Sizes&, std::size_t, std::int64_t, const Allowed&);
const std::map<std::string, Sample> kSamples{{"random", random_choices}, {"latin hypercube", latin_hypercube}};

}  // namespace

TEST_CASE("a grid has every choice, the last parameter fastest", "[unit][explore]") {
  CHECK(full_grid({2, 3}, all_are) == Choices{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}});
  CHECK(full_grid({2, 3}, rising) == Choices{{0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}});
  CHECK(full_grid({3, 1, 4, 2}, all_are).size() == 24);
  CHECK(full_grid({}, all_are) == Choices{{}});
  CHECK(full_grid({5}, [](const Choice&) { return false; }).empty());
}

TEST_CASE("samples are different choices that are allowed, the same of a seed", "[unit][explore]") {
  const Sizes sizes{7, 5, 3, 4};
  for (const auto& [name, sample] : kSamples)
    for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 5; ++seed) {
      CAPTURE(name, seed);
      const auto s = static_cast<std::int64_t>(seed);
      const auto some = sample(sizes, 30, s, all_are), sorted = sample(sizes, 20, s, rising);
      CHECK(some.size() == 30);
      CHECK(sorted.size() == 20);
      require_sound(some, sizes, all_are);
      require_sound(sorted, sizes, rising);
      CHECK(sample(sizes, 30, s, all_are) == some);
      CHECK(sample(sizes, 30, s + 1, all_are) != some);
    }
}

TEST_CASE("a sample that is asked for more than there is has all of it", "[unit][explore]") {
  for (const auto& [name, sample] : kSamples) {
    CAPTURE(name);
    for (const auto& [sizes, allowed] :
         {std::pair<Sizes, Allowed>{{3, 4}, all_are}, {{4, 4, 4}, rising}, {{5}, all_are}, {{1, 1}, all_are}}) {
      auto all = sample(sizes, 100, 3, allowed);
      require_sound(all, sizes, allowed);
      std::ranges::sort(all);
      CHECK(all == full_grid(sizes, allowed));
    }
    CHECK(sample({3, 4}, 5, 1, [](const Choice&) { return false; }).empty());
    CHECK(sample({}, 5, 1, all_are) == Choices{{}});
  }
}

TEST_CASE("few allowed choices in a large space are found", "[unit][explore]") {
  const Sizes sizes{60, 60, 60};
  const auto few = [](const Choice& c) { return c[0] == 17 && c[1] == 41 && c[2] % 12 == 5; };
  for (const auto& [name, sample] : kSamples) {
    CAPTURE(name);
    auto all = sample(sizes, 20, 1, few);
    std::ranges::sort(all);
    CHECK(all == full_grid(sizes, few));
    CHECK(sample(sizes, 3, 1, few).size() == 3);
  }
}

TEST_CASE("random choices take each choice equally often", "[unit][explore]") {
  std::map<Choice, int> times;
  for (std::int64_t seed = 0; seed < 2000; ++seed)
    for (const auto& c : random_choices({2, 3}, 2, seed, all_are)) ++times[c];
  REQUIRE(times.size() == 6);
  for (const auto& [c, n] : times) CHECK(std::abs(n - 4000 / 6) < 130);  // five standard deviations
}

TEST_CASE("in a Latin hypercube each value has its share, to one", "[unit][explore]") {
  const Sizes sizes{3, 7, 10, 4, 23, 50};
  for (const std::size_t count : {1U, 4U, 5U, 10U, 16U, 24U, 101U})
    for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 20; ++seed) {
      const auto all = latin_hypercube(sizes, count, static_cast<std::int64_t>(seed), all_are);
      REQUIRE(all.size() == count);
      for (std::size_t p = 0; p < sizes.size(); ++p) {
        std::vector<int> times(sizes[p]);
        for (const auto& c : all) ++times[c[p]];
        const double share = static_cast<double>(count) / static_cast<double>(sizes[p]);
        for (const int n : times) {
          CAPTURE(count, seed, p, n, share);
          CHECK(std::abs(n - share) < 1);
        }
      }
    }
}
