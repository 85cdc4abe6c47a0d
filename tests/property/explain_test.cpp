// An explanation's formulas come to the counts that they explain.

#include <catch2/catch.hpp>
#include <map>

#include "dataflows/explain.hpp"
#include "dataflows/traffic.hpp"
#include "tests/support/random_cases.hpp"

using namespace eyrie;

namespace {

using Counts = std::map<std::string, std::int64_t>;

std::string flow(Boundary b, Operand t) { return std::string(name_of(b)) + " " + std::string(name_of(t)); }

Counts counted(const Traffic& w, const LayerNest& l) {
  using enum Boundary;
  Counts all;
  for (Operand t : kAllOperands) {
    const auto i = static_cast<std::size_t>(t);
    all[flow(Fill, t)] = w.tile_words[i];
    all[flow(Sent, t)] = w.sent[i];
    all[flow(Delivered, t)] = w.delivered[i];
  }
  all[flow(Bias, Operand::Output)] = l.has_weights() ? w.bias_words : 0;
  all[flow(Hops, Operand::Output)] = w.hops;
  all[flow(Collected, Operand::Output)] = w.collected;
  all[flow(Drained, Operand::Output)] = w.drained;
  std::erase_if(all, [](const auto& count) { return count.second == 0; });
  return all;
}

/// From the factors alone.
Counts multiplied(const Explanation& e) {
  Counts all;
  for (const auto& row : e.flows)
    for (const auto& p : row.sum) {
      std::int64_t words = p.less ? -1 : 1;
      for (const auto& f : p.factors) words *= f.value;
      all[flow(row.boundary, row.tensor)] += words;
    }
  return all;
}

/// A line a count.
std::string lines(const Counts& counts) {
  std::string all;
  for (const auto& [name, words] : counts) all += name + " " + std::to_string(words) + "\n";
  return all;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0, begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin))
    longest = std::max(longest, end - begin);
  return longest;
}

}  // namespace

TEST_CASE("the factors of every row of an explanation come to its count", "[property][dataflows]") {
  int explained = 0, sums = 0, products = 0;
  for (std::uint64_t seed = 0; explained < 2000; ++seed) {
    Random random{seed, "explain"};
    const auto a = test::random_machine(random);
    const auto l = test::random_layer(random);
    const auto m = test::random_mapping(l, a, random);
    if (!m) continue;
    INFO("seed " << seed << "\n" << pretty(*m, l));
    const auto w = traffic(*m, l, a);
    const auto e = explain(*m, l, a);
    const auto text = to_text(e);
    INFO(text);
    REQUIRE(lines(multiplied(e)) == lines(counted(w, l)));
    REQUIRE(longest_line(text) <= 120);
    REQUIRE(Cycles{static_cast<std::int64_t>(e.cycles.parts.bound)} == cycle_model(w, l, a, {}).bound);
    REQUIRE(e.array.utilization() <= 1);
    REQUIRE(e.array.average <= static_cast<double>(e.array.largest_pass) + 1e-9);
    for (const auto& use : e.memories) REQUIRE(use.taken <= use.of);
    for (const auto& row : e.flows) ++(row.sum.size() > 1 ? sums : products);
    ++explained;
  }
  CHECK(sums > 1000);
  CHECK(products > 10000);
}
