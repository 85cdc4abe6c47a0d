#pragma once

// The arithmetic of a run of MACs, shared by the timed PE and by the replay of a pass without time.

#include <algorithm>
#include <cstdint>

#include "base/operand.hpp"
#include "workloads/arithmetic.hpp"

namespace eyrie::sim {

/// psum[i] gains one value: the product of `in` and weights[i * weight_step], cut by `shift`; for pools `in` itself, or
/// the term with that number.
[[gnu::always_inline]] inline void add_row(std::int32_t* psum, std::int32_t n, std::int32_t in,
                                           const std::int16_t* weights, std::int32_t weight_step, Reduction reduction,
                                           int shift, const std::int32_t* terms = nullptr) {
  switch (reduction) {
    case Reduction::MultiplyAdd:
      if (weight_step == 1)
        for (std::int32_t i = 0; i < n; ++i)
          psum[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(psum[i]) +
                                              static_cast<std::uint32_t>((in * weights[i]) >> shift));
      else
        for (std::int32_t i = 0; i < n; ++i)
          psum[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(psum[i]) +
                                              static_cast<std::uint32_t>((in * weights[i * weight_step]) >> shift));
      break;
    case Reduction::Maximum:
      for (std::int32_t i = 0; i < n; ++i) psum[i] = std::max(psum[i], in);
      break;
    case Reduction::Sum:
      for (std::int32_t i = 0; i < n; ++i) psum[i] += terms ? terms[in] : in >> shift;
      break;
  }
}

/// A PE's own psum joined by the one from outside.
inline std::int32_t joined(std::int32_t own, std::int32_t incoming, Reduction reduction, Bits width) {
  return reduction == Reduction::Maximum ? std::max(own, incoming)
                                         : wrap(static_cast<std::int64_t>(own) + incoming, width);
}

/// The terms that the words of a sum are numbers of; null if they count themselves.
inline const std::int32_t* terms_of(const Arithmetic& a) {
  return a.exact && !a.exact->terms.empty() ? a.exact->terms.data() : nullptr;
}

}  // namespace eyrie::sim
