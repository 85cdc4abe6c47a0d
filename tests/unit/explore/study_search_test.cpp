#include "explore/study/search.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <stdexcept>

using namespace eyrie;

namespace {

using Batches = std::vector<std::vector<Choice>>;

/// ZDT1 (Zitzler, Deb, Thiele 2000) with the variables i / (n - 1): its front is where all but the first are 0.
Objectives zdt1(const Choice& c, const std::vector<std::size_t>& sizes) {
  const auto x = [&](std::size_t i) {
    return sizes[i] == 1 ? 0 : static_cast<double>(c[i]) / static_cast<double>(sizes[i] - 1);
  };
  double sum = 0;
  for (std::size_t i = 1; i < c.size(); ++i) sum += x(i);
  const double g = 1 + 9 * sum / static_cast<double>(c.size() - 1);
  return {x(0), g * (1 - std::sqrt(x(0) / g))};
}

Batches batches_of(const std::vector<std::size_t>& sizes, const SearchSettings& settings) {
  Batches all;
  nsga2_search(sizes, 2, settings, [&](const std::vector<Choice>& batch) {
    all.push_back(batch);
    std::vector<Objectives> figures;
    for (const auto& c : batch) figures.push_back(zdt1(c, sizes));
    return figures;
  });
  return all;
}

}  // namespace

TEST_CASE("NSGA-II finds the front of a small discrete problem", "[unit][explore]") {
  const std::vector<std::size_t> sizes{9, 6, 6, 6};
  std::set<Choice> front, met;
  for (std::size_t i = 0; i < sizes[0]; ++i) front.insert({i, 0, 0, 0});
  for (const auto& batch : batches_of(sizes, {.population = 40, .generations = 30, .seed = 1}))
    met.insert(batch.begin(), batch.end());
  CHECK(std::ranges::includes(met, front));
  CHECK(met.size() < 9 * 6 * 6 * 6);  // without looking at all
}

TEST_CASE("a search asks a population a generation, inside the space", "[unit][explore]") {
  const std::vector<std::size_t> sizes{4, 1, 7};
  const auto all = batches_of(sizes, {.population = 12, .generations = 5, .seed = 3});
  CHECK(all.size() == 6);  // the first population, then five
  for (const auto& batch : all) {
    CHECK(batch.size() == 12);
    for (const auto& c : batch) {
      REQUIRE(c.size() == sizes.size());
      for (std::size_t i = 0; i < c.size(); ++i) CHECK(c[i] < sizes[i]);
    }
  }
}

TEST_CASE("a space of one choice is looked at once", "[unit][explore]") {
  CHECK(batches_of({1, 1}, {.population = 12, .generations = 5, .seed = 3}) == Batches{{{0, 0}}});
}

TEST_CASE("a seed gives the same batches, another one others", "[unit][explore]") {
  const std::vector<std::size_t> sizes{9, 6, 6, 6};
  const auto once = batches_of(sizes, {.population = 16, .generations = 6, .seed = 5});
  CHECK(batches_of(sizes, {.population = 16, .generations = 6, .seed = 5}) == once);
  CHECK(batches_of(sizes, {.population = 16, .generations = 6, .seed = 6}) != once);
}

TEST_CASE("choices without figures lose to all others", "[unit][explore]") {
  const std::vector<std::size_t> sizes{16, 16};
  std::size_t failed_first = 0, failed_last = 0;
  std::size_t generation = 0;
  nsga2_search(sizes, 2, {.population = 40, .generations = 20, .seed = 1}, [&](const std::vector<Choice>& batch) {
    std::vector<Objectives> figures;
    std::size_t failed = 0;
    for (const auto& c : batch) {
      const bool fails = c[1] % 2 == 1 || c[0] > 11;
      failed += fails ? 1 : 0;
      figures.push_back(fails ? Objectives{} : zdt1(c, sizes));
    }
    (generation++ == 0 ? failed_first : failed_last) = failed;
    return figures;
  });
  CHECK(failed_first > 15);
  CHECK(failed_last < failed_first);
}

TEST_CASE("what an evaluation throws comes through a search", "[unit][explore]") {
  struct Stopped {};
  int batches = 0;
  CHECK_THROWS_AS(nsga2_search({5, 5}, 2, {.population = 8, .generations = 10, .seed = 1},
                               [&](const std::vector<Choice>& batch) {
                                 if (++batches == 3) throw Stopped{};
                                 return std::vector<Objectives>(batch.size(), Objectives{1, 2});
                               }),
                  Stopped);
  CHECK(batches == 3);
}
