#pragma once

// The share of zeros that a layer's psums lead to, asked again and again for other amounts taken from all of them.

#include <cstdint>
#include <functional>
#include <optional>

#include "workloads/arithmetic.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// A word that rises with its psum: what is zero of it lies between two psums.
using RisingWord = std::function<std::int32_t(std::int64_t psum)>;

/// Psums of `width` bits of which the largest under each window becomes a word, as long as taking does not make any
/// psum wrap round.
class ZeroShare {
 public:
  /// `all` are the psums; `largest` the largest of each window, in any order.
  ZeroShare(const PsumTensor& all, PsumTensor largest, Bits width, const RisingWord&);
  /// Share of words that are zero when `taken` is taken from every psum; none if one of them would wrap.
  [[nodiscard]] std::optional<double> after(std::int64_t taken) const;

 private:
  PsumTensor largest_;
  std::int64_t least_ = 0, most_ = 0;            ///< psums there are
  std::int64_t least_possible_, most_possible_;  ///< psums there can be
  std::int64_t first_zero_, last_zero_;          ///< psums whose word is zero; last < first if there is none
};

/// Share of zeros among a tensor's words.
double zero_share(const Tensor&);

}  // namespace eyrie
