#include "workloads/requantisation.hpp"

#include "base/ensure.hpp"

namespace eyrie {

Rescale fixed_point(double factor) {
  ensure(factor >= 0 && factor <= 1073741824.0, "a scale is no negative number and no more than 2^30");
  Rescale r;
  if (factor == 0) {
    r.multiplier = 0;
    r.exponent = 0;
    return r;
  }
  int exponent = 0;
  auto fraction = std::llround(std::frexp(factor, &exponent) * 2147483648.0);
  if (fraction == 2147483648) {
    fraction /= 2;
    ++exponent;
  }
  if (exponent < -31) {  // nothing is left of any psum
    fraction = 0;
    exponent = 0;
  }
  r.multiplier = static_cast<std::int32_t>(fraction);
  r.exponent = exponent;
  return r;
}

Rescale nearest_even(float factor) {
  Rescale r;
  r.rounding = Rounding::NearestEven;
  r.factor = factor;
  return r;
}

Rescale nearest_even_wide(double factor) {
  Rescale r;
  r.rounding = Rounding::NearestEvenWide;
  r.factor = factor;
  return r;
}

}  // namespace eyrie
