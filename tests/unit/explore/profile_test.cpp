// Ranks, and trees of linear pieces, on data whose truth is known.

#include "explore/profile.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "base/random.hpp"

using namespace eyrie;

namespace {

Observation observation(const std::string& kind, double channels, std::array<double, 4> features, double cycles) {
  return {.kind = kind, .channels = channels, .features = features, .cycles = cycles};
}

std::array<double, 4> random_sizes(Random& r) {
  const auto size = [&](std::int64_t least, std::int64_t most) { return static_cast<double>(r.between(least, most)); };
  return {size(1000, 1'000'000), size(100, 50'000), size(100, 20'000), size(100, 50'000)};
}

/// Convolutions: 200 + MACs / 64. Fully connected layers: 3 a filter word, whatever their MACs.
std::vector<Observation> two_pieces(int each) {
  Random random{1, "two pieces"};
  std::vector<Observation> all;
  for (int i = 0; i < each; ++i) {
    const auto conv = random_sizes(random), dense = random_sizes(random);
    all.push_back(observation("conv", 16, conv, 200 + conv[0] / 64));
    all.push_back(observation("fully_connected", 16, dense, 3 * dense[2]));
  }
  return all;
}

ProfiledLayer layer(const std::string& name, double macs, double cycles, std::int64_t parameters) {
  return {.workload = "net",
          .layer = name,
          .parameters = parameters,
          .of = observation("conv", 3, {macs, 10, 10, 10}, cycles),
          .lost = {{"dram_weight", 0.25}, {"unmapped", 0.5}},
          .utilization = 0.25};
}

}  // namespace

TEST_CASE("rank correlation: 1 where one rises with the other, ties share their rank", "[unit][explore]") {
  CHECK(rank_correlation({1, 2, 3, 4}, {10, 100, 1000, 1e9}) == Approx(1));
  CHECK(rank_correlation({1, 2, 3, 4}, {4, 3, 2, 1}) == Approx(-1));
  // Differences of ranks 1, 1, 2, 1, 1: 1 - 6 x 8 / (5 x 24).
  CHECK(rank_correlation({1, 2, 3, 4, 5}, {2, 1, 5, 3, 4}) ==
        Approx(1 - 6.0 * (1 + 1 + 4 + 1 + 1) / 120).epsilon(1e-12));
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 x 5).
  CHECK(rank_correlation({1, 7, 7, 9}, {1, 2, 3, 4}) == Approx(4.5 / std::sqrt(4.5 * 5)).epsilon(1e-12));
  CHECK(rank_correlation({5, 5, 5}, {1, 2, 3}) == 0);
  CHECK(rank_correlation({1}, {1}) == 0);
}

TEST_CASE("a piece finds what made the data, and no term is negative", "[unit][explore]") {
  Random random{2, "one piece"};
  std::vector<Observation> all;
  for (int i = 0; i < 30; ++i) {
    const auto f = random_sizes(random);
    all.push_back(observation("conv", 1, f, 50 + 0.5 * f[0] + 2 * f[1] + 0.25 * f[3]));
  }
  const auto piece = fit_piece(all);
  CHECK(piece.constant == Approx(50).epsilon(1e-4));
  CHECK(piece.coefficient[0] == Approx(0.5).epsilon(1e-6));
  CHECK(piece.coefficient[1] == Approx(2).epsilon(1e-6));
  CHECK(piece.coefficient[2] == Approx(0).margin(1e-6));
  CHECK(piece.coefficient[3] == Approx(0.25).epsilon(1e-6));

  for (auto& o : all) o.cycles = std::max(1.0, 1e7 - o.features[0]);  // falls with MACs: a constant says it best
  const auto falling = fit_piece(all);
  CHECK(falling.constant > 0);
  for (const double c : falling.coefficient) CHECK(c >= 0);
  CHECK(falling.coefficient[0] == 0);
}

TEST_CASE("a piece of the relative error halves what is twice as wrong, not what is twice as large",
          "[unit][explore]") {
  // cycles = c x MACs for 1 and 3 cycles a MAC: (c - 1)^2 + (c / 3 - 1)^2 is least at c = 1.2, whatever the sizes.
  const auto piece =
      fit_piece({observation("conv", 1, {100, 0, 0, 0}, 100), observation("conv", 1, {9e6, 0, 0, 0}, 27e6)},
                {false, true, false, false, false});
  CHECK(piece.coefficient[0] == Approx(1.2).epsilon(1e-12));
}

TEST_CASE("the tree finds the condition and both pieces", "[unit][explore]") {
  const auto all = two_pieces(20);
  const auto tree = fit_tree(all);
  REQUIRE(tree.nodes.size() == 3);
  CHECK(to_text(tree.nodes[0].condition) == "layer is conv");
  const auto& conv = tree.nodes[tree.nodes[0].yes].piece;
  CHECK(conv.constant == Approx(200).epsilon(1e-4));
  CHECK(conv.coefficient[0] == Approx(1.0 / 64).epsilon(1e-6));
  CHECK(tree.nodes[tree.nodes[0].no].piece.coefficient[2] == Approx(3).epsilon(1e-6));
  CHECK(left_out_error_of_tree(all) < 1e-6);
  CHECK(left_out_error_of_piece(all, kMacsAlone) > 0.2);
  CHECK(left_out_error_of_piece(all, kAllTerms) > 0.1);
}

TEST_CASE("the tree finds a threshold of channels", "[unit][explore]") {
  Random random{3, "channels"};
  std::vector<Observation> all;
  for (int i = 0; i < 60; ++i) {
    const auto f = random_sizes(random);
    const double channels = static_cast<double>(random.between(1, 64));
    all.push_back(observation("conv", channels, f, channels <= 16 ? f[0] : f[0] / 8));
  }
  const auto tree = fit_tree(all);
  REQUIRE(tree.nodes.size() == 3);
  CHECK(tree.nodes[0].condition.size == "channels");
  CHECK(tree.nodes[0].condition.most > 14);
  CHECK(tree.nodes[0].condition.most < 19);
}

TEST_CASE("a leaf has enough observations, and a condition has to be worth it", "[unit][explore]") {
  CHECK(fit_tree(two_pieces(7)).nodes.size() == 1);  // 7 of each kind, and a leaf has 8
  Random random{4, "noise"};
  std::vector<Observation> linear;
  for (int i = 0; i < 40; ++i) {
    const auto f = random_sizes(random);
    linear.push_back(observation(i % 2 == 0 ? "conv" : "pointwise", 4, f, 10 + f[0] / 100));
  }
  CHECK(fit_tree(linear).leaves() == 1);
}

TEST_CASE("a profile ranks layers by how far they are from what their MACs say", "[unit][explore]") {
  const auto p = profile_of(
      "m", "simulated",
      {layer("a", 1000, 100, 5), layer("b", 2000, 200, 4), layer("c", 3000, 3000, 3), layer("d", 8000, 400, 2)});
  CHECK(p.cycles_by_macs == Approx(0.8).epsilon(1e-12));
  CHECK(p.cycles_by_parameters == Approx(-0.8).epsilon(1e-12));
  // Cycles a MAC: 0.1, 0.1, 1, 0.05; the median is 0.1.
  REQUIRE(p.disagreements.size() == 4);
  CHECK(p.layers[p.disagreements[0].layer].layer == "c");
  CHECK(p.disagreements[0].factor == Approx(10));
  CHECK(p.disagreements[0].rank_by_cycles == 1);
  CHECK(p.disagreements[0].rank_by_macs == 2);
  CHECK(p.layers[p.disagreements[1].layer].layer == "d");
  CHECK(p.disagreements[1].factor == Approx(0.5));
  CHECK(p.layers[0].dominant() == std::pair<std::string, double>{"unmapped", 0.5});
}

TEST_CASE("equal shapes count once in fits", "[unit][explore]") {
  std::vector<ProfiledLayer> all;
  for (int i = 0; i < 5; ++i) all.push_back(layer("l" + std::to_string(i), 1000, 100, 5));
  all.push_back(layer("other data", 1000, 160, 5));
  all.push_back(layer("other", 2000, 300, 5));
  const auto p = profile_of("m", "simulated", all);
  CHECK(p.layers.size() == 7);
  CHECK(p.shapes == 2);
  // Through (1000, 110), the mean, and (2000, 300), but for a constant below 0: least squares of c x MACs / cycles.
  const double a = 1000.0 / 110, b = 2000.0 / 300;
  CHECK(p.by_macs.coefficient[0] == Approx((a + b) / (a * a + b * b)).epsilon(1e-9));
  CHECK(p.by_macs.constant == 0);
}

TEST_CASE("renderings of a profile have every layer, and text that is no markup", "[unit][explore]") {
  auto all = std::vector<ProfiledLayer>{layer("a<b", 1000, 100, 0), layer("c,d", 2000, 500, 4)};
  const auto p = profile_of("m", "simulated", all);
  const auto svg = to_svg(p);
  CHECK_THAT(svg, Catch::Contains("a&lt;b") && !Catch::Contains("a<b"));
  // Two points against MACs, one against parameters (the other has none), two against the tree, and a legend of one.
  std::size_t circles = 0;
  for (auto i = svg.find("<circle"); i != std::string::npos; i = svg.find("<circle", i + 1)) ++circles;
  CHECK(circles == 6);
  CHECK_THAT(to_html(p), Catch::Contains(svg) && Catch::Contains("<!doctype html>"));
  CHECK_THAT(to_csv(p), Catch::Contains("net,\"c,d\",conv,3,2000,4,10,10,10,500,0.25,1,1,"));
  CHECK_THAT(to_markdown(p), Catch::Contains("| net | c,d | conv | 2 000 | 4 | 500 | 1 | 1 |"));
  const auto j = nlohmann::json::parse(to_json(p));
  CHECK(j["schema"] == "eyrie.profile/1");
  CHECK(j["layers"].size() == 2);
  CHECK(j["layers"][0]["lost"]["unmapped"] == 0.5);
}

TEST_CASE("a tree that is worse than one piece is said to be, and so is the seed", "[unit][explore]") {
  auto p = profile_of("m", "simulated", {layer("a", 1000, 100, 5), layer("b", 2000, 500, 4)});
  p.tree = fit_tree(two_pieces(10));
  REQUIRE(p.tree.leaves() > 1);
  p.error_by_sizes = 0.1;
  p.error_of_tree = 0.2;
  CHECK_THAT(to_table(p), Catch::Contains("predicted worse by the tree than by one linear piece") &&
                              !Catch::Contains("drawn from the seed"));
  p.error_of_tree = 0.05;
  p.run.seed = 7;
  CHECK_THAT(to_markdown(p),
             !Catch::Contains("predicted worse") && Catch::Contains("inputs are drawn from the seed 7"));
  CHECK_THAT(to_html(p), Catch::Contains("inputs are drawn from the seed 7"));
}
