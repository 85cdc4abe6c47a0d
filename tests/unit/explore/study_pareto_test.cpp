#include "explore/study/pareto.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "tests/support/seeds.hpp"

using namespace eyrie;

namespace {

using Indices = std::vector<std::size_t>;

/// Few values, so that there are ties and equal points.
std::vector<Objectives> random_points(Random& random) {
  const auto points = static_cast<std::size_t>(random.between(0, 40)),
             objectives = static_cast<std::size_t>(random.between(1, 4));
  const auto most = random.between(1, 12);
  std::vector<Objectives> all(points, Objectives(objectives));
  for (auto& p : all)
    for (auto& v : p) v = static_cast<double>(random.between(-most, most)) / 2;
  return all;
}

/// The definition: no other point is at most as large everywhere and smaller somewhere.
Indices by_definition(const std::vector<Objectives>& all) {
  Indices front;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool beaten = false;
    for (const auto& other : all) {
      int worse = 0, better = 0;
      for (std::size_t k = 0; k < other.size(); ++k) {
        worse += other[k] > all[i][k] ? 1 : 0;
        better += other[k] < all[i][k] ? 1 : 0;
      }
      beaten = beaten || (worse == 0 && better > 0);
    }
    if (!beaten) front.push_back(i);
  }
  return front;
}

}  // namespace

TEST_CASE("one point dominates another by being nowhere worse and somewhere better", "[unit][explore]") {
  CHECK(dominates({1, 2}, {1, 3}));
  CHECK(dominates({0, 2}, {1, 3}));
  CHECK_FALSE(dominates({1, 2}, {1, 2}));
  CHECK_FALSE(dominates({1, 3}, {1, 2}));
  CHECK_FALSE(dominates({0, 3}, {1, 2}));
  CHECK(dominates({-2}, {-1}));
}

TEST_CASE("the front by hand, equal points all in it", "[unit][explore]") {
  CHECK(pareto_front({}).empty());
  CHECK(pareto_front({{1, 2}}) == Indices{0});
  CHECK(pareto_front({{3, 1}, {2, 2}, {1, 3}, {2, 3}, {2, 2}, {4, 1}}) == Indices{0, 1, 2, 4});
  CHECK(near_front({{10, 10}, {10.1, 10.1}, {10.3, 10.3}}, 0.02) == Indices{0, 1});
  CHECK(near_front({{-10}, {-9.9}, {-9}}, 0.02) == Indices{0, 1});  // better is farther below 0
}

TEST_CASE("the front is what its definition says, of any points", "[unit][explore]") {
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 500; ++seed) {
    Random random{seed, "front"};
    const auto all = random_points(random);
    CAPTURE(seed);
    const auto front = pareto_front(all);
    CHECK(front == by_definition(all));
    CHECK(all.empty() == front.empty());
    Indices before = front;
    for (const double share : {0.0, 0.01, 0.05, 0.3, 0.9}) {
      const auto near = near_front(all, share);
      CHECK(std::ranges::is_sorted(near));
      CHECK(std::ranges::includes(near, front));
      CHECK(std::ranges::includes(near, before));  // it grows with the share
      before = near;
    }
  }
}

TEST_CASE("a point is near the front if its share better would bring it there", "[unit][explore]") {
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 100; ++seed) {
    Random random{seed, "near"};
    const auto all = random_points(random);
    const double share = 0.2;
    const auto near = near_front(all, share);
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto moved = all;
      for (auto& v : moved[i]) v -= v < 0 ? -share * v : share * v;
      const auto front = by_definition(moved);
      CAPTURE(seed, i);
      CHECK((std::ranges::count(near, i) == 1) == (std::ranges::count(front, i) == 1));
    }
  }
}
