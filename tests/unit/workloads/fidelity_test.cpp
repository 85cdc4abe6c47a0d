#include "workloads/fidelity.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

#include "workloads/tensor_codes.hpp"

using namespace eyrie;

namespace {

RealTensor numbers(std::vector<float> values) {
  RealTensor t{Shape{1, static_cast<std::int64_t>(values.size()), 1, 1}};
  t.data() = std::move(values);
  return t;
}

/// A tensor of `count` numbers, f(0 to 1).
template <class F>
RealTensor signal(std::int64_t count, F f) {
  RealTensor t{Shape{1, count, 1, 1}};
  for (std::int64_t i = 0; i < count; ++i)
    t.data()[static_cast<std::size_t>(i)] =
        static_cast<float>(f((static_cast<double>(i) + 0.5) / static_cast<double>(count)));
  return t;
}

double sqnr_of_words(const RealTensor& real, Bits bits) {
  const auto code = symmetric_code(bits, false, 1.0);
  return *fidelity(real, decoded(coded(real, code), code)).sqnr_db();
}

}  // namespace

TEST_CASE("signal to noise is ten times the logarithm of their powers", "[unit][workloads][fidelity]") {
  const auto f = fidelity(numbers({3, 4, 0}), numbers({3, 3.5F, 0}));
  CHECK(f.signal == 25);
  CHECK(f.noise == 0.25);
  CHECK(f.largest_error == 0.5);
  CHECK(*f.sqnr_db() == Approx(20).margin(1e-12));
  CHECK(std::isinf(*fidelity(numbers({1, 2}), numbers({1, 2})).sqnr_db()));
  CHECK_FALSE(fidelity(numbers({0, 0}), numbers({0, 1})).sqnr_db());
  CHECK_FALSE(fidelity(numbers({0}), numbers({0})).sqnr_db());
  const auto both = f.plus(fidelity(numbers({-5}), numbers({-4})));
  CHECK(*both.sqnr_db() == Approx(10 * std::log10(50 / 1.25)).margin(1e-12));
  CHECK(both.largest_error == 1);
}

TEST_CASE("words of b bits have the noise that theory says", "[unit][workloads][fidelity]") {
  // step = range / (2^(b-1) - 1), noise power step^2 / 12; a sine has the power 1/2 (crest factor 3.01 dB), uniform
  // numbers 1/3 (4.77 dB): with 2^(b-1) steps 6.02 b + 4.77 dB less the crest factor
  const auto sine = signal(200003, [](double x) { return std::sin(2 * std::numbers::pi * 7 * x); });
  const auto uniform = signal(200003, [](double x) { return 2 * x - 1; });
  for (std::int64_t b = 5; b <= 16; ++b) {
    CAPTURE(b);
    const double bits = static_cast<double>(b);
    const double lost_level = 20 * std::log10((std::exp2(bits - 1) - 1) / std::exp2(bits - 1));
    CHECK(sqnr_of_words(sine, Bits{b}) ==
          Approx(6.0206 * bits + 4.7712 - 3.0103 + lost_level).margin(b < 7 ? 0.7 : 0.25));
    CHECK(sqnr_of_words(uniform, Bits{b}) == Approx(6.0206 * bits + lost_level).margin(0.1));
  }
}
