// Is the reference right for any layer? Compared with loops that are even plainer.

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"
#include "workloads/reference.hpp"

using namespace eyrie;
using enum Dim;

namespace {

/// Input as the padded plane holds it.
std::int64_t padded(const Tensor& in, const LayerNest& l, std::int64_t n, std::int64_t c, std::int64_t row,
                    std::int64_t column) {
  const auto h = row - l.padding.top, w = column - l.padding.left;
  return h < 0 || h >= in.shape().h || w < 0 || w >= in.shape().w ? 0 : in.at(n, c, h, w);
}

}  // namespace

TEST_CASE("a random convolution equals seven plain loops", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Random r{seed, "reference"};
    const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
    LayerNest l;
    l.extent = {{n(1, 3), n(1, 2), n(1, 4), n(1, 4), n(1, 5), n(1, 5), n(1, 3), n(1, 3)}};
    l.stride = {n(1, 3), n(1, 3)};
    l.dilation = {n(1, 2), n(1, 2)};
    l.padding = {n(0, 1), 0, n(0, 1), 0};
    if (l.padded_rows() <= l.padding.top || l.padded_columns() <= l.padding.left) continue;
    const auto o = test::random_operands(l, {Bits{16}, Bits{16}, Bits{n(10, 32)}, Bits{16}}, r);
    const auto ours = reference::psums(l, o.input, o.weight, o.bias, o.arithmetic);
    for (std::int64_t b = 0; b < l.extent[N]; ++b)
      for (std::int64_t m = 0; m < l.extent[G] * l.extent[M]; ++m)
        for (std::int64_t p = 0; p < l.extent[P]; ++p)
          for (std::int64_t q = 0; q < l.extent[Q]; ++q) {
            std::int64_t sum = o.bias[static_cast<std::size_t>(m)];
            for (std::int64_t c = 0; c < l.extent[C]; ++c)
              for (std::int64_t i = 0; i < l.extent[R]; ++i)
                for (std::int64_t j = 0; j < l.extent[S]; ++j)
                  sum +=
                      (padded(o.input, l, b, m / l.extent[M] * l.extent[C] + c, p * l.stride.rows + i * l.dilation.rows,
                              q * l.stride.columns + j * l.dilation.columns) *
                       o.weight.at(m, c, i, j)) >>
                      o.arithmetic.product_shift;
            REQUIRE(ours.at(b, m, p, q) == wrap(sum, o.arithmetic.widths.psum));
          }
  }
}
