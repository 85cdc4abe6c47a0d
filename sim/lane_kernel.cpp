#include "sim/lane_kernel.hpp"

#include "base/ensure.hpp"
#include "sim/lane_kernel_avx2.hpp"

namespace eyrie::sim {

static bool has_avx2() {
#if defined(EYRIE_AVX2)
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

LaneMode lane_mode(int shift, Bits psum) {
  if (!has_avx2() || shift > 31) return LaneMode::Plain;
  if (psum.count() <= 16) return shift == 0 ? LaneMode::Low : shift < 16 ? LaneMode::Split : LaneMode::High;
  return shift == 0 ? LaneMode::Pair : shift < 16 ? LaneMode::PairSplit : LaneMode::PairHigh;
}

static std::uint32_t product(std::int32_t x, std::int32_t w, int shift) {
  return static_cast<std::uint32_t>((x * w) >> shift);
}

void sum_taps(LaneMode mode, const TapRun& r) {
#if defined(EYRIE_AVX2)
  if (mode != LaneMode::Plain) return avx2::sum_taps(mode, r);
#endif
  for (int f = 0; f < r.filters; ++f) {
    std::int32_t* sums = r.sums + f * r.pitch;
    for (std::int64_t j = 0; j < r.positions; ++j) sums[j] = 0;
    for (std::int64_t k = 0; k < r.taps; ++k) {
      const std::int16_t* x = r.input + r.offsets[k];
      const auto w = static_cast<std::int16_t>(r.weights[k * r.filters + f]);
      for (std::int64_t j = 0; j < r.positions; ++j)
        sums[j] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[j]) + product(x[j], w, r.shift));
    }
  }
}

void sum_filters([[maybe_unused]] LaneMode mode, [[maybe_unused]] const FilterRun& r) {
#if defined(EYRIE_AVX2)
  if (mode != LaneMode::Plain) return avx2::sum_filters(mode, r);
#endif
  throw InternalError("plain lanes take filters one by one");
}

std::int32_t dot(LaneMode mode, const std::int16_t* input, const std::int16_t* weight, std::int64_t n, int shift) {
  std::uint32_t sum = 0;
#if defined(EYRIE_AVX2)
  if (mode != LaneMode::Plain) return avx2::dot(mode, input, weight, n, shift);
#endif
  for (std::int64_t k = 0; k < n; ++k) sum += product(input[k], weight[k], shift);
  return static_cast<std::int32_t>(sum);
}

}  // namespace eyrie::sim
