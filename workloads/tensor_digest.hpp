#pragma once

#include <cstdint>

#include "workloads/tensor.hpp"

namespace eyrie {

/// A number that tensors of different words or shapes hardly ever share, the same on every machine: FNV-1a of 64 bits,
/// fed with whole words. Source: Fowler, Noll, Vo, draft-eastlake-fnv.
inline std::uint64_t digest_of(const Tensor& t) {
  std::uint64_t digest = 0xcbf29ce484222325;
  const auto feed = [&digest](std::uint64_t word) { digest = (digest ^ word) * 0x100000001b3; };
  for (const auto extent : {t.shape().n, t.shape().c, t.shape().h, t.shape().w})
    feed(static_cast<std::uint64_t>(extent));
  for (const auto word : t.data()) feed(static_cast<std::uint16_t>(word));
  return digest;
}

}  // namespace eyrie
