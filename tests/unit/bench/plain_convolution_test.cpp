#include "bench/plain_convolution.hpp"

#include <catch2/catch.hpp>

#include "tests/support/random_cases.hpp"
#include "tests/support/support.hpp"

namespace eyrie::test {
namespace {

/// Checks both flavours, both orders of loops.
void equals_the_reference(const LayerNest& l, Random& random) {
  const Widths widths{
      .input = Bits{16}, .weight = Bits{16}, .psum = Bits{random.chance(0.5) ? 16 : 32}, .output = Bits{16}};
  const auto operands = random_operands(l, widths, random);
  const auto right = reference_ofmap(l, operands);
  for (const auto inside : {bench::Inside::Fastest, bench::Inside::Columns}) {
    CHECK(bench::plain::convolution(l, operands, inside) == right);
    CHECK(bench::native::convolution(l, operands, inside) == right);
  }
}

TEST_CASE("the plain convolution equals the reference on small odd layers", "[unit][bench]") {
  Random random{20, "plain convolution"};
  int layers = 0;
  while (layers < 200) {
    const auto l = random_layer(random);
    if (!l.has_weights()) continue;
    equals_the_reference(l, random);
    ++layers;
  }
}

TEST_CASE("the plain convolution equals the reference with many channels, strides, paddings, points", "[unit][bench]") {
  Random random{21, "plain convolution"};
  const auto layer = [](Extents extent, RowsColumns stride, RowsColumns dilation, Padding padding) {
    return LayerNest{.extent = extent, .stride = stride, .dilation = dilation, .padding = padding};
  };
  using X = Extents;
  for (const auto& l :
       {layer(X{{1, 2, 37, 5, 7, 3, 3, 5}}, {}, {}, {.top = 1, .bottom = 1, .left = 2, .right = 2}),
        layer(X{{2, 1, 33, 3, 5, 6, 5, 3}}, {2, 3}, {}, {.top = 2, .bottom = 0, .left = 0, .right = 1}),
        layer(X{{1, 1, 40, 4, 4, 5, 3, 2}}, {1, 2}, {2, 3}, {}), layer(X{{1, 3, 35, 9, 5, 7, 1, 1}}, {}, {}, {}),
        layer(X{{3, 2, 4, 6, 5, 7, 1, 1}}, {}, {}, {.top = 1, .bottom = 1, .left = 1, .right = 1}),
        layer(X{{1, 2, 34, 3, 4, 4, 1, 1}}, {2, 2}, {}, {}), layer(X{{1, 3, 50, 11, 1, 1, 4, 3}}, {}, {}, {}),
        layer(X{{1, 2, 50, 3, 1, 1, 3, 3}}, {}, {}, {.top = 1, .bottom = 1, .left = 1, .right = 1}),
        layer(X{{13, 1, 1, 1, 9, 9, 3, 3}}, {}, {}, {.top = 1, .bottom = 1, .left = 1, .right = 1})})
    equals_the_reference(l, random);
}

}  // namespace
}  // namespace eyrie::test
