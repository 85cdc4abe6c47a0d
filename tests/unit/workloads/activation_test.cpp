// The functions that finished words go through, in fixed point.

#include <catch2/catch.hpp>

#include <cmath>

#include "workloads/arithmetic.hpp"

using namespace eyrie;

TEST_CASE("a word of 16 bits has 10 of fraction, of 8 bits 4", "[unit][workloads]") {
  CHECK(fraction_bits(Bits{16}) == 10);
  CHECK(fraction_bits(Bits{12}) == 8);
  CHECK(fraction_bits(Bits{8}) == 4);
  CHECK(fraction_bits(Bits{3}) == 0);
}

TEST_CASE("sigmoid and tanh meet the true function where segments meet, and stay at their ends", "[unit][workloads]") {
  const Bits b{16};
  CHECK(activated(0, Activation::Sigmoid, b) == 512);
  CHECK(activated(512, Activation::Sigmoid, b) == 637);    // 0.5: 0.62246
  CHECK(activated(1024, Activation::Sigmoid, b) == 749);   // 1.0: 0.73106
  CHECK(activated(-2048, Activation::Sigmoid, b) == 122);  // -2.0: 0.11920
  CHECK(activated(1536, Activation::Sigmoid, b) == 837);
  CHECK(activated(2560, Activation::Sigmoid, b) == 939);  // 2.5, in the middle of 902 and 975, rounded up
  CHECK(activated(32767, Activation::Sigmoid, b) == 1024);
  CHECK(activated(-32768, Activation::Sigmoid, b) == 0);
  CHECK(activated(256, Activation::Tanh, b) == 251);    // 0.25: 0.24492
  CHECK(activated(-512, Activation::Tanh, b) == -473);  // -0.5: -0.46212
  CHECK(activated(32767, Activation::Tanh, b) == 1023);
  CHECK(activated(-32768, Activation::Tanh, b) == -1023);
  CHECK(activated(1024, Activation::SigmoidComplement, b) == 1024 - 749);
}

TEST_CASE(
    "no word is farther from the true function than the documentation says, and larger words give no smaller ones",
    "[unit][workloads]") {
  struct Case {
    int bits;
    double sigmoid, tanh;
  };
  const auto c = GENERATE(Case{16, 0.0082, 0.0154}, Case{12, 0.0102, 0.0163}, Case{8, 0.0492, 0.0674});
  const Bits width{c.bits};
  const double one = std::exp2(fraction_bits(width));
  double sigmoid = 0, tanh = 0;
  std::int32_t s_before = -1000000, t_before = -1000000;
  bool rises = true;
  for (std::int32_t v = -(1 << (c.bits - 1)); v < 1 << (c.bits - 1); ++v) {
    const auto s = activated(v, Activation::Sigmoid, width), t = activated(v, Activation::Tanh, width);
    sigmoid = std::max(sigmoid, std::abs(s / one - 1 / (1 + std::exp(-v / one))));
    tanh = std::max(tanh, std::abs(t / one - std::tanh(v / one)));
    rises = rises && s >= s_before && t >= t_before;
    s_before = s, t_before = t;
  }
  CAPTURE(c.bits);
  CHECK(rises);
  CHECK(sigmoid < c.sigmoid);
  CHECK(sigmoid > c.sigmoid - 0.0002);
  CHECK(tanh < c.tanh);
  CHECK(tanh > c.tanh - 0.0002);
}

TEST_CASE("the table has 16 segments whose lines meet", "[unit][workloads]") {
  const bool tanh = GENERATE(false, true);
  for (int i = -8; i < 7; ++i) {
    const Segment here = segment_of(tanh, i, 10), next = segment_of(tanh, i + 1, 10);
    const auto end = (i + 1 < 0 ? -kSegmentStarts[static_cast<std::size_t>(-i - 1)]
                                : kSegmentStarts[static_cast<std::size_t>(i + 1)]) *
                     (std::int64_t{1} << (tanh ? 10 : 11));
    CHECK(here.a * end + here.b == next.a * end + next.b);
  }
}

TEST_CASE("relu6 ends at six, or at the largest word if that is less", "[unit][workloads]") {
  CHECK(activated(-3, Activation::Relu6, Bits{16}) == 0);
  CHECK(activated(6143, Activation::Relu6, Bits{16}) == 6143);
  CHECK(activated(6145, Activation::Relu6, Bits{16}) == 6144);
  CHECK(activated(127, Activation::Relu6, Bits{8}) == 96);
  CHECK(activated(3, Activation::Relu6, Bits{3}) == 3);
}

TEST_CASE("a sum is shifted back before it is divided or leaves", "[unit][workloads]") {
  CHECK(finish_sum(10, 4, {.product_shift = 1}) == 5);
  CHECK(finish_sum(10, 4, {.product_shift = 1, .mean = false}) == 20);
  CHECK(finish_sum(10, 4, {.product_shift = 1, .output_shift = 3, .mean = false}) == 3);  // 20 / 8, halves up
  CHECK(finish_sum(30000, 1, {.product_shift = 1, .mean = false}) == 32767);
  CHECK(finish_sum(-30000, 1, {.product_shift = 1, .activation = Activation::Relu, .mean = false}) == 0);
}
