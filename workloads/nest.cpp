#include "workloads/nest.hpp"

#include <numeric>

namespace eyrie {

std::int64_t touched(std::int64_t p, std::int64_t r, std::int64_t stride, std::int64_t dilation) {
  if (stride == 1 && dilation == 1) return p + r - 1;
  const auto common = std::gcd(stride, dilation);
  const auto s = stride / common, e = dilation / common;
  return p * r - std::max<std::int64_t>(0, p - e) * std::max<std::int64_t>(0, r - s);
}

Words LayerNest::tile_words(Operand t, const Extents& x) const {
  using enum Dim;
  switch (t) {
    case Operand::Input:
      return Words{x[G] * x[N] * x[C] * touched(x[P], x[R], stride.rows, dilation.rows) *
                   touched(x[Q], x[S], stride.columns, dilation.columns)};
    case Operand::Weight:
      return Words{has_weights() ? x[G] * x[M] * x[C] * x[R] * x[S] : 0};
    case Operand::Output:
      return Words{x[G] * x[N] * x[M] * x[P] * x[Q]};
  }
  return Words{};
}

}  // namespace eyrie
