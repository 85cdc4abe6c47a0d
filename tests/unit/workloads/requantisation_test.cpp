#include "workloads/requantisation.hpp"

#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "workloads/arithmetic.hpp"

using namespace eyrie;

TEST_CASE("a fixed-point factor is the double, to 31 bits", "[unit][workloads][requantisation]") {
  const Rescale half = fixed_point(0.5), one = fixed_point(1.0);
  CHECK(half.multiplier == 1 << 30);
  CHECK(half.exponent == 0);
  CHECK(rescaled(12345, one) == 12345);
  CHECK(rescaled(-12345, one) == -12345);
  CHECK(rescaled(7, half) == 4);  // 3.5: up
  CHECK(rescaled(1000, fixed_point(0)) == 0);
  CHECK(rescaled(2147483647, fixed_point(1e-12)) == 0);
  Random random{1, "fixed"};
  for (int i = 0; i < 2000; ++i) {
    const double factor = std::exp2(-static_cast<double>(random.between(1, 20))) *
                          (1 + static_cast<double>(random.between(0, 1000)) / 1001.0);
    const auto psum = static_cast<std::int32_t>(random.between(-(1 << 26), 1 << 26));
    const double exact = psum * factor;
    CHECK(std::abs(rescaled(psum, fixed_point(factor)) - exact) <= 1.0 + std::abs(exact) * 1e-9);
  }
}

TEST_CASE("the steps of fixed point round as gemmlowp's do", "[unit][workloads][requantisation]") {
  CHECK(rounding_shift(5, 1) == 3);
  CHECK(rounding_shift(-5, 1) == -3);  // halves away from zero
  CHECK(rounding_shift(-6, 2) == -2);
  CHECK(rounding_shift(6, 2) == 2);
  CHECK(rounding_shift(7, 0) == 7);
  CHECK(rounding_shift(-2147483647 - 1, 31) == -1);
  CHECK(doubling_high_product(1 << 30, 1 << 30) == 1 << 29);
  CHECK(doubling_high_product(-2147483647 - 1, -2147483647 - 1) == 2147483647);
  CHECK(doubling_high_product(1, 1 << 30) == 1);   // 0.5
  CHECK(doubling_high_product(-1, 1 << 30) == 0);  // -0.5: truncated after the nudge
}

TEST_CASE("a float factor rounds halves to even", "[unit][workloads][requantisation]") {
  CHECK(rescaled(5, nearest_even(0.5F)) == 2);
  CHECK(rescaled(7, nearest_even(0.5F)) == 4);
  CHECK(rescaled(-5, nearest_even(0.5F)) == -2);
  CHECK(rescaled(2147483647, nearest_even(4.0F)) == 2147483647);
  CHECK(rescaled(-2147483647, nearest_even(4.0F)) == -2147483647 - 1);
  CHECK(rescaled(1 << 30, nearest_even_wide(std::exp2(-29))) == 2);
}

TEST_CASE("words stay in their range, each channel has its factor, and tables follow",
          "[unit][workloads][requantisation]") {
  Requantisation q{.by_channel = {fixed_point(0.5), fixed_point(0.25)}, .least = -10, .most = 20};
  CHECK(q.finish(16, 0) == 8);
  CHECK(q.finish(16, 1) == 4);
  CHECK(q.finish(1000, 0) == 20);
  CHECK(q.finish(-1000, 1) == -10);
  q = Requantisation{.least = -1, .most = 1, .table = {30, 20, 10}};
  CHECK(q.finish(-7, 5) == 30);
  CHECK(q.finish(0, 5) == 20);
  CHECK(q.finish(7, 5) == 10);
}

TEST_CASE("a mean is rounded with its zero point, as TFLite rounds raw numbers", "[unit][workloads][requantisation]") {
  Arithmetic a;
  a.exact = std::make_shared<const Requantisation>(
      Requantisation{.least = 0, .most = 255, .mean_zero = -128, .mean_out_zero = -128});
  // raw -128 and -127: their mean is -127.5, away from zero -128, relative to the zero point 0
  CHECK(finish_sum(0 + 1, 2, a, 0) == 0);
  // without the zero point it would have been 1
  CHECK(rounded_mean(1, 2) == 1);
}

TEST_CASE("means over windows of several sizes divide by what is under each", "[workloads][requantisation]") {
  Arithmetic a;
  a.exact = std::make_shared<const Requantisation>(
      Requantisation{.by_channel = {nearest_even_wide(0.5)}, .least = -10, .most = 10, .by_elements = true});
  CHECK(finish_sum(12, 4, a, 0) == 2);    // 1.5: to even
  CHECK(finish_sum(12, 9, a, 0) == 1);    // 0.67
  CHECK(finish_sum(100, 2, a, 0) == 10);  // 25: clamped
  CHECK(finish_sum(0, 0, a, 0) == 0);
}
