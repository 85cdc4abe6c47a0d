#include <catch2/catch.hpp>

#include <cmath>

#include "base/yaml.hpp"
#include "explore/latency.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

Latency constant(double t) { return {.shape = LatencyShape::Constant, .value = Seconds{t}}; }
Latency normal(double mean, double deviation) {
  return {.shape = LatencyShape::Normal, .centre = Seconds{mean}, .spread = Seconds{deviation}};
}
Latency lognormal(double median, double p99) {
  return {.shape = LatencyShape::Lognormal, .median = Seconds{median}, .p99 = Seconds{p99}};
}
Latency empirical(const std::vector<double>& samples) {
  Latency l{.shape = LatencyShape::Empirical};
  for (const double s : samples) l.samples.emplace_back(s);
  return l;
}

/// The mean as the integral of 1 - P(X <= t), which uses nothing but `share_within`.
double integrated_mean(const Latency& l, double most) {
  const int steps = 400000;
  double sum = 0;
  for (int i = 0; i < steps; ++i) sum += 1 - share_within(l, Seconds{most * (i + 0.5) / steps});
  return sum * most / steps;
}

}  // namespace

TEST_CASE("known distributions have their known means and percentiles", "[unit][explore]") {
  // z(0.99) = 2.3263478740, z(0.9) = 1.2815515655; far from 0 nothing is cut off
  const auto far = normal(100, 3);
  CHECK(mean_of(far).count() == Approx(100).epsilon(1e-12));
  CHECK(quantile(far, 0.99).count() == Approx(100 + 3 * 2.3263478740408408).epsilon(1e-12));
  CHECK(quantile(far, 0.5).count() == Approx(100).epsilon(1e-12));
  CHECK(share_within(far, Seconds{103}) == Approx(0.8413447460685429).epsilon(1e-10));
  // half a normal distribution: mean sqrt(2/pi), median z(0.75)
  const auto half = normal(0, 1);
  CHECK(mean_of(half).count() == Approx(std::sqrt(2 / std::acos(-1.0))).epsilon(1e-12));
  CHECK(quantile(half, 0.5).count() == Approx(0.6744897501960817).epsilon(1e-12));
  CHECK(share_within(half, Seconds{-0.001}) == 0);
  // lognormal: sigma = ln(p99 / median) / z(0.99)
  const auto log = lognormal(0.04, 0.25);
  const double sigma = std::log(0.25 / 0.04) / 2.3263478740408408;
  CHECK(mean_of(log).count() == Approx(0.04 * std::exp(sigma * sigma / 2)).epsilon(1e-12));
  CHECK(quantile(log, 0.5).count() == Approx(0.04).epsilon(1e-12));
  CHECK(quantile(log, 0.99).count() == Approx(0.25).epsilon(1e-12));
  CHECK(quantile(log, 0.9).count() == Approx(0.04 * std::exp(sigma * 1.2815515655446004)).epsilon(1e-12));
  CHECK(share_within(log, Seconds{0}) == 0);
}

TEST_CASE("means agree with what shares within add up to", "[unit][explore]") {
  CHECK(mean_of(normal(1, 2)).count() == Approx(integrated_mean(normal(1, 2), 30)).epsilon(1e-6));
  CHECK(mean_of(lognormal(1, 3)).count() == Approx(integrated_mean(lognormal(1, 3), 200)).epsilon(1e-5));
  CHECK(mean_of(empirical({4, 1, 1, 10})).count() == Approx(integrated_mean(empirical({4, 1, 1, 10}), 20)));
}

TEST_CASE("a quantile is the smallest time within which its share is", "[unit][explore]") {
  for (const auto& l : {constant(2), normal(1, 2), normal(0, 1), lognormal(1, 3), empirical({3, 1, 2, 2, 9})})
    for (const double q : {0.01, 0.2, 0.5, 0.6, 0.9, 0.99, 0.999}) {
      const auto t = quantile(l, q);
      CAPTURE(name_of(l.shape), q, t.count());
      CHECK(share_within(l, t + Seconds{1e-9}) >= q - 1e-9);
      CHECK(share_within(l, t - Seconds{1e-9}) <= q);
    }
  std::vector<double> hundred;
  for (int i = 1; i <= 100; ++i) hundred.push_back(101 - i);
  for (int i = 1; i <= 100; ++i) CHECK(quantile(empirical(hundred), i / 100.0 - 1e-12).count() == i);
  CHECK(quantile(empirical(hundred), 0.07).count() == 7);
  CHECK(quantile(empirical(hundred), 0.985).count() == 99);
}

TEST_CASE("a mixture, worked by hand", "[unit][explore]") {
  // 70 % take 1 s; 30 % take 2 s + 2 x {1, 3, 5, 7, 9} s: 4, 8, 12, 16, 20 s, 6 % of all each
  const LatencyMixture m{.shorter = Seconds{1},
                         .share = 0.3,
                         .longer = {.fixed = Seconds{2}, .factor = 2, .varying = empirical({1, 3, 5, 7, 9})}};
  CHECK(mean_of(m).count() == Approx(0.7 * 1 + 0.3 * 12));
  CHECK(quantile(m, 0.5).count() == 1);
  CHECK(quantile(m, 0.7).count() == 1);
  CHECK(quantile(m, 0.71).count() == 4);
  CHECK(quantile(m, 0.77).count() == 8);
  CHECK(quantile(m, 0.94).count() == 16);
  CHECK(quantile(m, 0.99).count() == 20);
  CHECK(share_within(m, Seconds{0.5}) == 0);
  CHECK(share_within(m, Seconds{8}) == Approx(0.7 + 0.12));
  const LatencyMixture none{.shorter = Seconds{1}, .share = 0, .longer = m.longer};
  CHECK(quantile(none, 0.999).count() == 1);
  CHECK(mean_of(none).count() == 1);
}

TEST_CASE("latencies are read, and what makes none of them is said at its place", "[unit][explore]") {
  const auto errors = [](const std::string& text) {
    return test::errors_of([&] {
      const auto l = read_yaml<Latency>(YamlDocument::from_text(text, "l.yaml"));
      Diagnostics wrong;
      check(l, "round_trip", wrong);
      wrong.raise_if_any();
    });
  };
  const std::string end = ", source: x, confidence: assumed}\n";
  CHECK(errors("{shape: lognormal, median: 40 ms, p99: 250 ms" + end) == "");
  CHECK(errors("{shape: empirical, samples: [1 ms, 20 us]" + end) == "");
  CHECK_THAT(errors("{shape: lognormal, median: 40 ms, p99: 40 ms" + end),
             Catch::Contains("l.yaml:1:1: error: round_trip.p99 is not above its median"));
  CHECK_THAT(errors("{shape: empirical, samples: []" + end), Catch::Contains("round_trip.samples is empty"));
  CHECK_THAT(errors("{shape: normal, mean: -1 s, deviation: 0 s" + end),
             Catch::Contains("mean is -1 s; it must be at least 0") && Catch::Contains("it must be more than 0"));
  CHECK_THAT(errors("{shape: gamma" + end), Catch::Contains("known are constant, normal, lognormal, empirical"));
  CHECK_THAT(errors("{shape: constant, value: 3 ms, confidence: assumed}"), Catch::Contains("misses the key source"));
}
