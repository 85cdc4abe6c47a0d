#include <catch2/catch.hpp>
#include <vector>

#include "energy/scaling.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

constexpr double kNodes[] = {180, 130, 90, 65, 45, 32, 28, 22, 20, 16, 14, 10, 7};

}  // namespace

TEST_CASE("energy follows Stillmaker and Baas's polynomials", "[unit][energy]") {
  // 65 nm at 0.8 V: 3.755 x 0.64 - 4.398 x 0.8 + 1.975 = 0.8598; 45 nm: 1.103 x 0.64 - 0.362 x 0.8 + 0.2767 = 0.69302
  CHECK(energy_ratio({65}, {0.8}, {45}, {0.8}) == Approx(0.69302 / 0.8598).epsilon(1e-9));
  // 65 nm at 1.0 V: 1.332
  CHECK(energy_ratio({65}, {1.0}, {65}, {0.8}) == Approx(0.8598 / 1.332).epsilon(1e-9));
}

TEST_CASE("ratios to 65 nm are those worked out apart", "[unit][energy]") {
  struct Row {
    double nm, at_0v8, at_0v9, nominal, at_nominal;
  };
  for (const auto& r :
       {Row{130, 2.47, 2.53, 1.2, 3.08}, Row{90, 1.53, 1.56, 1.1, 1.54}, Row{45, 0.806, 0.798, 1.0, 0.606},
        Row{32, 0.531, 0.511, 0.97, 0.364}, Row{20, 0.178, 0.19, 0.9, 0.119}, Row{16, 0.14, 0.149, 0.86, 0.0847},
        Row{14, 0.112, 0.12, 0.86, 0.0678}, Row{10, 0.0949, 0.102, 0.83, 0.0529}, Row{7, 0.076, 0.0817, 0.8, 0.0389}}) {
    CAPTURE(r.nm);
    CHECK(energy_ratio({65}, {0.8}, {r.nm}, {0.8}) == Approx(r.at_0v8).epsilon(0.005));
    CHECK(energy_ratio({65}, {0.9}, {r.nm}, {0.9}) == Approx(r.at_0v9).epsilon(0.005));
    CHECK(energy_ratio({65}, {1.1}, {r.nm}, {r.nominal}) == Approx(r.at_nominal).epsilon(0.005));
  }
}

TEST_CASE("nodes between lie between, in logarithms", "[unit][energy]") {
  const double middle = std::sqrt(32.0 * 20.0);
  CHECK(energy_ratio({32}, {0.9}, {middle}, {0.9}) == Approx(std::sqrt(energy_ratio({32}, {0.9}, {20}, {0.9}))));
  CHECK(area_ratio({32}, {middle}) == Approx(std::sqrt(area_ratio({32}, {20}))));
}

TEST_CASE("180 nm is 130 nm by feature size and the square of the supply", "[unit][energy]") {
  CHECK(energy_ratio({130}, {1.2}, {180}, {1.8}) == Approx(180.0 / 130 * 2.25));
  CHECK(area_ratio({130}, {180}) == Approx(180.0 * 180 / (130 * 130)));
}

TEST_CASE("energy and area fall with every node, energy with the supply", "[unit][energy]") {
  for (std::size_t i = 1; i < std::size(kNodes); ++i)
    for (double v = 0.6; v < 1.3; v += 0.05) {
      CAPTURE(kNodes[i], v);
      CHECK(energy_ratio({kNodes[i - 1]}, {v}, {kNodes[i]}, {v}) < 1);
      CHECK(area_ratio({kNodes[i - 1]}, {kNodes[i]}) < 1);
      CHECK(energy_ratio({kNodes[i]}, {v}, {kNodes[i]}, {v + 0.0499}) > 1);
    }
}

TEST_CASE("there and back is where it began, whatever lies between", "[unit][energy]") {
  for (const double a : kNodes)
    for (const double b : kNodes) {
      CHECK(energy_ratio({a}, {1.0}, {b}, {0.8}) * energy_ratio({b}, {0.8}, {a}, {1.0}) == Approx(1).epsilon(1e-12));
      CHECK(area_ratio({a}, {b}) * area_ratio({b}, {a}) == Approx(1).epsilon(1e-12));
      CHECK(energy_ratio({a}, {1.0}, {65}, {0.7}) * energy_ratio({65}, {0.7}, {b}, {1.1}) ==
            Approx(energy_ratio({a}, {1.0}, {b}, {1.1})).epsilon(1e-12));
    }
}

TEST_CASE("areas fit all printed factors of the paper within their two digits", "[unit][energy]") {
  const std::vector<double> nodes{130, 90, 65, 45, 32, 20, 16, 14, 10, 7};
  const std::vector<std::vector<double>> printed{{1, 0.44, 0.23, 0.16, 0.072, 0.033, 0.03, 0.027, 0.016, 0.0092},
                                                 {2.3, 1, 0.53, 0.35, 0.16, 0.075, 0.067, 0.061, 0.036, 0.021},
                                                 {4.3, 1.9, 1, 0.66, 0.31, 0.14, 0.13, 0.12, 0.068, 0.039},
                                                 {6.4, 2.8, 1.5, 1, 0.46, 0.21, 0.19, 0.17, 0.1, 0.059},
                                                 {14, 6.1, 3.3, 2.2, 1, 0.46, 0.41, 0.38, 0.22, 0.13},
                                                 {30, 13, 7.1, 4.7, 2.2, 1, 0.89, 0.82, 0.48, 0.28},
                                                 {34, 15, 7.9, 5.3, 2.4, 1.1, 1, 0.91, 0.54, 0.31},
                                                 {37, 16, 8.7, 5.8, 2.7, 1.2, 1.1, 1, 0.59, 0.34},
                                                 {63, 28, 15, 9.8, 4.5, 2.1, 1.9, 1.7, 1, 0.58},
                                                 {110, 48, 25, 17, 7.8, 3.6, 3.2, 2.9, 1.7, 1}};
  for (std::size_t from = 0; from < nodes.size(); ++from)
    for (std::size_t to = 0; to < nodes.size(); ++to) {
      CAPTURE(nodes[from], nodes[to]);
      CHECK(area_ratio({nodes[from]}, {nodes[to]}) == Approx(printed[from][to]).epsilon(0.04));
    }
}

TEST_CASE("what lies outside is refused", "[unit][energy]") {
  const auto said = [](double nm, double v) { return test::errors_of([&] { energy_ratio({nm}, {v}, {65}, {1.0}); }); };
  CHECK(said(5, 0.7) == "error: 5 nm lies outside of what can be scaled; nodes reach from 7 to 180 nm");
  CHECK(said(250, 1.2) == "error: 250 nm lies outside of what can be scaled; nodes reach from 7 to 180 nm");
  CHECK(said(65, 0.59) ==
        "error: 0.59 V at 65 nm lies outside of what can be scaled; supplies reach from 0.6 to 1.3 V there");
  CHECK(said(28, 1.31) ==
        "error: 1.31 V at 28 nm lies outside of what can be scaled; supplies reach from 0.6 to 1.3 V there");
  CHECK(said(180, 2.1) ==
        "error: 2.1 V at 180 nm lies outside of what can be scaled; supplies reach from 0.6 to 2.0 V there");
  CHECK(said(65, 0.6).empty());
  CHECK(said(7, 1.3).empty());
  CHECK(said(180, 2.0).empty());
  CHECK_THROWS_AS(area_ratio({65}, {6.9}), InputError);
  CHECK_THROWS_AS(delay_ratio({65}, {181}), InputError);
}

TEST_CASE("what passes from planar to multi-gate devices is said, and less sure", "[unit][energy]") {
  CHECK(crosses_multigate({65}, {28}));
  CHECK(crosses_multigate({16}, {45}));
  CHECK(crosses_multigate({28}, {22}));
  CHECK_FALSE(crosses_multigate({65}, {32}));
  CHECK_FALSE(crosses_multigate({20}, {7}));
  CHECK_FALSE(crosses_multigate({28}, {28}));
  CHECK(scaling_note({65}, {1.0}, {28}, {0.9}) ==
        "x 0.307 from 65 nm, 1 V (Stillmaker and Baas, 2017), across their step from planar (32 nm) to multi-gate "
        "devices (20 nm)");
  CHECK(scaling_note({65}, {1.0}, {45}, {0.9}) == "x 0.634 from 65 nm, 1 V (Stillmaker and Baas, 2017)");
  CHECK(scaling_note({65}, {1.0}, {65}, {1.0}).empty());
  CHECK(scaling_width({65}, {1.0}, {65}, {1.0}) == 1);
  CHECK(scaling_width({65}, {1.0}, {65}, {0.9}) == 1.1);
  CHECK(scaling_width({64}, {1.0}, {32}, {0.9}) == Approx(1.15 * 1.1));
  CHECK(scaling_width({32}, {1.0}, {16}, {1.0}) == Approx(1.15 * 1.5));
  CHECK(scaling_width({180}, {1.8}, {90}, {1.1}) == Approx(1.15 * 1.3 * 1.1));
}

TEST_CASE("independent causes add as squares of logarithms", "[unit][energy]") {
  const double factors[] = {std::exp(0.3), std::exp(0.4), 1.0};
  CHECK(combined(factors) == Approx(std::exp(0.5)));
  CHECK(delay_ratio({65}, {28}) == Approx(28.0 / 65));
  CHECK(leakage_ratio({1.0}, {0.9}) == Approx(0.9));
}
