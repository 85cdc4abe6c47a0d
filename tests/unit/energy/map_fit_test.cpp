#include <catch2/catch.hpp>

#include <cmath>

#include "energy/map_fit.hpp"

using namespace eyrie;

namespace {

Affine affine(double constant, std::vector<double> slope) { return {.constant = constant, .slope = std::move(slope)}; }

/// slope . x, measured.
Measurement sum(std::vector<double> slope, double published, double width) {
  return {.part = affine(0, std::move(slope)), .whole = affine(1, {}), .published = published, .width = width};
}

/// The cost, written down once more.
double cost(const std::vector<Prior>& priors, const std::vector<Measurement>& measured, const std::vector<double>& x) {
  double all = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    all += std::pow(std::log(x[i] / priors[i].value) / std::log(priors[i].factor), 2);
  for (const auto& m : measured) all += std::pow((m(x) - m.published) / m.width, 2);
  return all;
}

const std::vector<Prior> kPriors{{1, 2}, {10, 1.5}, {0.25, 3}};
const std::vector<Measurement> kFew{sum({3, 1, 0}, 20, 0.1), sum({1, 2, 0}, 21, 0.1)};

}  // namespace

TEST_CASE("a fit finds the values that measurements were made with", "[unit][energy]") {
  const std::vector<double> planted{2.7, 6.5, 0.11};
  std::vector<Measurement> measured{sum({3, 1, 20}, 0, 1e-3), sum({1, 4, 2}, 0, 1e-3)};
  measured.push_back({.part = affine(0.5, {0, 1, 1}), .whole = affine(2, {4, 1, 0}), .published = 0, .width = 1e-3});
  for (auto& m : measured) m.published = m(planted);
  const auto found = fit(kPriors, measured);
  CHECK(found.converged);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(found.x[i] == Approx(planted[i]).epsilon(2e-3));
    CHECK(found.remaining[i] < 0.02);
    CHECK(found.moved[i] == Approx(std::log(planted[i] / kPriors[i].value) / std::log(kPriors[i].factor)).margin(0.01));
  }
}

TEST_CASE("where nothing is measured the prior stands", "[unit][energy]") {
  const auto found = fit(kPriors, kFew);
  CHECK(found.converged);
  CHECK(found.x[2] == Approx(0.25).epsilon(1e-7));
  CHECK(found.moved[2] == Approx(0).margin(1e-7));
  CHECK(found.remaining[2] == 1);
  CHECK(found.remaining[0] < 0.2);
  CHECK(std::abs(found.moved[0]) > 0.5);

  const auto alone = fit(kPriors, {});
  CHECK(alone.x == std::vector<double>{1, 10, 0.25});
  CHECK(alone.data_cost == 0);
}

TEST_CASE("of two terms that one measurement sees, the less certain moves more", "[unit][energy]") {
  const auto found = fit({{1, 1.2}, {1, 3}}, {sum({1, 1}, 3, 0.01)});
  CHECK(found.x[0] + found.x[1] == Approx(3).margin(0.01));
  CHECK(found.x[1] > found.x[0]);
  CHECK(found.remaining[1] < found.remaining[0]);
}

TEST_CASE("the optimum does not depend on the start, and nothing near it is better", "[unit][energy]") {
  const auto one = fit(kPriors, kFew, 1), many = fit(kPriors, kFew, 40);
  CHECK(many.converged);
  CHECK(many.disagreement < 1e-6);
  for (std::size_t i = 0; i < 3; ++i) CHECK(one.x[i] == Approx(many.x[i]).epsilon(1e-6));
  const double least = cost(kPriors, kFew, many.x);
  CHECK(least == Approx(many.prior_cost + many.data_cost).epsilon(1e-9));
  for (std::size_t i = 0; i < 3; ++i)
    for (const double by : {0.99, 1.01}) {
      auto x = many.x;
      x[i] *= by;
      CHECK(cost(kPriors, kFew, x) > least);
    }
}

TEST_CASE("starts that end in different places have not converged", "[unit][energy]") {
  // 20 is the sum of two that were thought to be 1: the least surprise is that one of them is 19, either of them.
  const auto found = fit({{1, 1.5}, {1, 1.5}}, {sum({1, 1}, 20, 0.1)});
  CHECK_FALSE(found.converged);
  CHECK(found.disagreement > 5);
}

TEST_CASE("what is left of the uncertainty is that of a normal distribution", "[unit][energy]") {
  // One term x, prior 1 within e; x measured as 1 within 0.5: information 1 + (1 / 0.5)^2.
  const auto found = fit({{1, std::exp(1.0)}}, {sum({1}, 1, 0.5)});
  CHECK(found.x[0] == Approx(1));
  CHECK(found.remaining[0] == Approx(1 / std::sqrt(5.0)));
}

TEST_CASE("a fit that no values within the bounds can meet has not converged", "[unit][energy]") {
  CHECK_FALSE(fit({{1, 1.1}}, {sum({1}, 1e6, 1e-3)}).converged);
}
