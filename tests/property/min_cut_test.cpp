// The minimum cut against all cuts: every one of the 2^n assignments of layers to sides, costed by code of its own.

#include "explore/min_cut.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "base/random.hpp"
#include "explore/offload.hpp"
#include "tests/support/seeds.hpp"

using namespace eyrie;

namespace {

/// Networks that branch and join, with several inputs and results, costs that tie and costs that are nothing.
CutProblem random_problem(Random& random, std::int64_t most_layers) {
  CutProblem p;
  const auto n = static_cast<std::size_t>(random.between(1, most_layers));
  const auto most = random.chance(0.3) ? 3 : 1000000000;
  const auto cost = [&] { return random.chance(0.1) ? 0 : random.between(0, most); };
  for (auto inputs = random.between(1, 2); inputs > 0; --inputs)
    p.tensors.push_back({.producer = {}, .readers = {}, .result = false, .up = cost(), .down = cost()});
  for (std::size_t i = 0; i < n; ++i) {
    p.layers.push_back({.device = cost(), .cloud = cost()});
    for (auto reads = random.between(1, 3); reads > 0; --reads) {
      const bool before = random.chance(0.6);  // mostly what came last, so that networks are deep
      const auto last = static_cast<std::int64_t>(p.tensors.size()) - 1;
      p.tensors[static_cast<std::size_t>(before ? last : random.between(0, last))].readers.push_back(i);
    }
    p.tensors.push_back({.producer = i, .readers = {}, .result = random.chance(0.1), .up = cost(), .down = cost()});
  }
  for (auto& t : p.tensors)
    if (t.producer && t.readers.empty()) t.result = true;
  return p;
}

/// Cost of the assignment in which layers whose bit is set lie in the cloud.
std::int64_t brute_cost(const CutProblem& p, unsigned cloud) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < p.layers.size(); ++i) sum += cloud >> i & 1U ? p.layers[i].cloud : p.layers[i].device;
  for (const auto& t : p.tensors) {
    unsigned readers = 0;
    for (const auto r : t.readers) readers |= 1U << r;
    const bool born_in_cloud = t.producer && (cloud >> *t.producer & 1U);
    if (!born_in_cloud && (readers & cloud)) sum += t.up;
    if (born_in_cloud && ((readers & ~cloud) || t.result)) sum += t.down;
  }
  return sum;
}

unsigned bits(const std::vector<Side>& sides) {
  unsigned cloud = 0;
  for (std::size_t i = 0; i < sides.size(); ++i)
    if (sides[i] == Side::Cloud) cloud |= 1U << i;
  return cloud;
}

/// The same problem with layers and tensors in another order; `place[i]` is where layer i comes to stand.
CutProblem shuffled(const CutProblem& p, Random& random, std::vector<std::size_t>& place) {
  const auto shuffle = [&](auto& list) {
    for (std::size_t i = list.size(); i > 1; --i)
      std::swap(list[i - 1], list[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(i) - 1))]);
  };
  place.resize(p.layers.size());
  std::iota(place.begin(), place.end(), 0U);
  shuffle(place);
  CutProblem q;
  q.layers.resize(p.layers.size());
  for (std::size_t i = 0; i < p.layers.size(); ++i) q.layers[place[i]] = p.layers[i];
  q.tensors = p.tensors;
  for (auto& t : q.tensors) {
    if (t.producer) t.producer = place[*t.producer];
    for (auto& r : t.readers) r = place[r];
    shuffle(t.readers);
  }
  shuffle(q.tensors);
  return q;
}

}  // namespace

TEST_CASE("the minimum cut is the best of all 2^n cuts of networks of up to 15 layers", "[property][explore]") {
  int interior = 0, returns = 0, ties = 0;
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 300; ++seed) {
    CAPTURE(seed);
    Random random{seed, "min_cut"};
    const auto p = random_problem(random, seed % 4 == 0 ? 15 : 9);
    const auto cut = min_cut(p);
    const unsigned chosen = bits(cut.sides), all = (1U << p.layers.size()) - 1;
    std::int64_t best = brute_cost(p, 0);
    for (unsigned cloud = 1; cloud <= all; ++cloud) best = std::min(best, brute_cost(p, cloud));
    REQUIRE(cut.cost == best);
    REQUIRE(brute_cost(p, chosen) == best);
    for (unsigned cloud = 0; cloud <= all; ++cloud)  // no other best cut leaves a layer on the device that this doesn't
      if (brute_cost(p, cloud) == best) {
        REQUIRE((chosen & ~cloud) == 0);
        ties += cloud != chosen;
      }
    interior += chosen != 0 && chosen != all;
    for (const auto& t : p.tensors)
      if (t.producer && cut.sides[*t.producer] == Side::Cloud)
        for (const auto r : t.readers) returns += cut.sides[r] == Side::Device;
  }
  CHECK(interior > 100);
  CHECK(returns > 20);
  CHECK(ties > 20);
}

TEST_CASE("the minimum cut doesn't depend on the order of layers and tensors", "[property][explore]") {
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 200; ++seed) {
    CAPTURE(seed);
    Random random{seed, "min_cut order"};
    const auto p = random_problem(random, 40);
    const auto cut = min_cut(p);
    CHECK(cost_of(p, cut.sides) == cut.cost);
    std::vector<std::size_t> place;
    const auto other = min_cut(shuffled(p, random, place));
    CHECK(other.cost == cut.cost);
    for (std::size_t i = 0; i < place.size(); ++i) CHECK(other.sides[place[i]] == cut.sides[i]);
  }
}

TEST_CASE("no assignment of layers beats the best plan, whatever the objective", "[property][explore]") {
  int split = 0;
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 60; ++seed) {
    CAPTURE(seed);
    Random random{seed, "offload"};
    const auto p = random_problem(random, 10);
    OffloadNetwork n;
    for (std::size_t i = 0; i < p.layers.size(); ++i)
      n.layers.push_back({.name = std::to_string(i),
                          .device_latency = Seconds{0.1 * random.unit()},
                          .cloud_latency = Seconds{0.01 * random.unit()},
                          .device_energy = Picojoules{1e9 * random.unit()}});
    for (const auto& t : p.tensors)
      n.tensors.push_back({"t", t.producer, t.readers, t.result, Bits{random.between(8, 20000)}});
    OffloadTerms terms;
    for (auto* way : {&terms.link.up, &terms.link.down}) {
      way->mbit_per_s.value = 0.5 + random.unit();
      way->energy_per_bit.value = Picojoules{20000 * random.unit()};
      way->energy_per_message = Figure<Picojoules>{.value = Picojoules{1e7 * random.unit()}};
    }
    terms.link.round_trip = {.shape = LatencyShape::Lognormal, .median = Seconds{0.005}, .p99 = Seconds{0.03}};
    terms.link.tail = RadioTail{{.value = Milliwatts{100}}, {.value = Seconds{1e-3 * random.unit()}}};
    terms.idle_power = Milliwatts{2};
    terms.service = Seconds{0.02 * random.unit()};
    for (const auto& row : names<OffloadObjective>::table) {
      const auto best = best_plan(n, terms, row.value);
      const double value = value_of(best, row.value, terms.percentile);
      split += best.where(n).find(';') != std::string::npos;
      for (unsigned cloud = 0; cloud < 1U << n.layers.size(); ++cloud) {
        std::vector<Side> sides;
        for (std::size_t i = 0; i < n.layers.size(); ++i) sides.push_back(cloud >> i & 1U ? Side::Cloud : Side::Device);
        const double other = value_of(plan_of(n, terms, sides), row.value, terms.percentile);
        if (other < value - 1e-13) FAIL(row.name << ": " << cloud << " takes " << other << ", the best " << value);
      }
    }
  }
  CHECK(split > 30);
}
