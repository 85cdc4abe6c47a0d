// The only file that is compiled for AVX2: it must not bring in inline code that other files share.
#include "sim/lane_kernel_avx2.hpp"

#include <immintrin.h>

namespace eyrie::sim::avx2 {

namespace {

using Lanes = __m256i;

Lanes load(const std::int16_t* at) { return _mm256_loadu_si256(reinterpret_cast<const Lanes*>(at)); }
void store(std::int32_t* at, Lanes v) { _mm256_storeu_si256(reinterpret_cast<Lanes*>(at), v); }

/// 16 positions a vector: sums modulo 2^16.
struct Narrow {
  static constexpr int kPositions = 16;
  static void widen(Lanes sum, std::int32_t* at) {
    store(at, _mm256_cvtepi16_epi32(_mm256_castsi256_si128(sum)));
    store(at + 8, _mm256_cvtepi16_epi32(_mm256_extracti128_si256(sum, 1)));
  }
};
/// 8 positions a vector, two words each: sums modulo 2^32.
struct Wide {
  static constexpr int kPositions = 8;
  static void widen(Lanes sum, std::int32_t* at) { store(at, sum); }
};

struct LowLanes : Narrow {
  Lanes sum = _mm256_setzero_si256();
  void add(Lanes x, Lanes w, __m128i) { sum = _mm256_add_epi16(sum, _mm256_mullo_epi16(x, w)); }
  [[nodiscard]] Lanes total(int) const { return sum; }
};

struct SplitLanes : Narrow {
  Lanes high = _mm256_setzero_si256(), low = _mm256_setzero_si256();
  void add(Lanes x, Lanes w, __m128i shift) {
    high = _mm256_add_epi16(high, _mm256_mulhi_epi16(x, w));
    low = _mm256_add_epi16(low, _mm256_srl_epi16(_mm256_mullo_epi16(x, w), shift));
  }
  [[nodiscard]] Lanes total(int shift) const {
    return _mm256_add_epi16(_mm256_sll_epi16(high, _mm_cvtsi32_si128(16 - shift)), low);
  }
};

struct HighLanes : Narrow {
  Lanes sum = _mm256_setzero_si256();
  void add(Lanes x, Lanes w, __m128i shift) {
    sum = _mm256_add_epi16(sum, _mm256_sra_epi16(_mm256_mulhi_epi16(x, w), shift));
  }
  [[nodiscard]] Lanes total(int) const { return sum; }
};

struct PairLanes : Wide {
  Lanes sum = _mm256_setzero_si256();
  void add(Lanes x, Lanes w, __m128i) { sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, w)); }
  [[nodiscard]] Lanes total(int) const { return sum; }
};

struct PairSplitLanes : Wide {
  Lanes high = _mm256_setzero_si256(), low = _mm256_setzero_si256();
  void add(Lanes x, Lanes w, __m128i shift) {
    const Lanes ones = _mm256_set1_epi16(1);
    high = _mm256_add_epi32(high, _mm256_madd_epi16(_mm256_mulhi_epi16(x, w), ones));
    low = _mm256_add_epi32(low, _mm256_madd_epi16(_mm256_srl_epi16(_mm256_mullo_epi16(x, w), shift), ones));
  }
  [[nodiscard]] Lanes total(int shift) const {
    return _mm256_add_epi32(_mm256_sll_epi32(high, _mm_cvtsi32_si128(16 - shift)), low);
  }
};

struct PairHighLanes : Wide {
  Lanes sum = _mm256_setzero_si256();
  void add(Lanes x, Lanes w, __m128i shift) {
    sum = _mm256_add_epi32(sum,
                           _mm256_madd_epi16(_mm256_sra_epi16(_mm256_mulhi_epi16(x, w), shift), _mm256_set1_epi16(1)));
  }
  [[nodiscard]] Lanes total(int) const { return sum; }
};

/// What a mode shifts by as it adds.
template <class L>
__m128i shift_count(int shift) {
  return _mm_cvtsi32_si128(shift >= 16 ? shift - 16 : shift);
}

/// `V` vectors of positions, from `first` on, of `F` filters.
template <class L, int F, int V>
void block(const TapRun& r, std::int64_t first) {
  L lanes[F][V];
  const __m128i shift = shift_count<L>(r.shift);
  const std::int64_t words = sizeof(Lanes) / sizeof(std::int16_t);
  const std::int16_t* input = r.input + first * (words / L::kPositions);
  const std::int32_t* weight = r.weights;
  for (std::int64_t k = 0; k < r.taps; ++k, weight += F) {
    const std::int16_t* at = input + r.offsets[k];
    for (int f = 0; f < F; ++f) {
      const Lanes w = _mm256_set1_epi32(weight[f]);
      for (int v = 0; v < V; ++v) lanes[f][v].add(load(at + v * words), w, shift);
    }
  }
  for (int f = 0; f < F; ++f)
    for (int v = 0; v < V; ++v) L::widen(lanes[f][v].total(r.shift), r.sums + f * r.pitch + first + v * L::kPositions);
}

template <class L, int F, int V>
void blocks(const TapRun& r) {
  std::int64_t j = 0;
  for (; j + (V - 1) * L::kPositions < r.positions; j += V * L::kPositions) block<L, F, V>(r, j);
  for (; j < r.positions; j += L::kPositions) block<L, F, 1>(r, j);
}

template <class L, int V>
void all_filters(const TapRun& r) {
  if (r.filters == kFilters) return blocks<L, kFilters, V>(r);
  if (r.filters == 3) return blocks<L, 3, V>(r);
  if (r.filters == 2) return blocks<L, 2, V>(r);
  blocks<L, 1, V>(r);
}

/// 16 filters, a vector of 16-bit sums.
template <class L>
void filters_narrow(const FilterRun& r, std::int64_t first) {
  L even, odd;
  const __m128i shift = shift_count<L>(r.shift);
  const std::int16_t* weight = r.weights + first;
  std::int64_t k = 0;
  for (; k + 2 <= r.taps; k += 2, weight += 2 * r.filters) {
    even.add(_mm256_set1_epi16(r.input[r.offsets[k]]), load(weight), shift);
    odd.add(_mm256_set1_epi16(r.input[r.offsets[k + 1]]), load(weight + r.filters), shift);
  }
  if (k < r.taps) even.add(_mm256_set1_epi16(r.input[r.offsets[k]]), load(weight), shift);
  L::widen(_mm256_add_epi16(even.total(r.shift), odd.total(r.shift)), r.sums + first);
}

/// 16 filters, two vectors of 32-bit sums.
void filters_wide(const FilterRun& r, std::int64_t first) {
  Lanes sum[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  const __m128i shift = _mm_cvtsi32_si128(r.shift);
  const std::int16_t* weight = r.weights + first;
  for (std::int64_t k = 0; k < r.taps; ++k, weight += r.filters) {
    const Lanes x = _mm256_set1_epi32(r.input[r.offsets[k]]);
    for (int v = 0; v < 2; ++v) {
      const Lanes w = _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(weight + 8 * v)));
      sum[v] = _mm256_add_epi32(sum[v], _mm256_sra_epi32(_mm256_mullo_epi32(x, w), shift));
    }
  }
  for (int v = 0; v < 2; ++v) store(r.sums + first + 8 * v, sum[v]);
}

std::int32_t low_half(Lanes v) {
  std::int16_t words[16];
  _mm256_storeu_si256(reinterpret_cast<Lanes*>(words), v);
  std::uint32_t sum = 0;
  for (const auto w : words) sum += static_cast<std::uint32_t>(std::int32_t{w});
  return static_cast<std::int16_t>(sum);
}
std::int32_t whole(Lanes v) {
  std::int32_t words[8];
  store(words, v);
  std::uint32_t sum = 0;
  for (const auto w : words) sum += static_cast<std::uint32_t>(w);
  return static_cast<std::int32_t>(sum);
}

template <class L>
std::int32_t dot_in(const std::int16_t* x, const std::int16_t* w, std::int64_t n, int shift) {
  L even, odd;
  const __m128i by = shift_count<L>(shift);
  std::int64_t k = 0;
  for (; k + 32 <= n; k += 32) {
    even.add(load(x + k), load(w + k), by);
    odd.add(load(x + k + 16), load(w + k + 16), by);
  }
  for (; k + 16 <= n; k += 16) even.add(load(x + k), load(w + k), by);
  const Lanes a = even.total(shift), b = odd.total(shift);
  auto sum = static_cast<std::uint32_t>(L::kPositions == 16 ? low_half(_mm256_add_epi16(a, b))
                                                            : whole(_mm256_add_epi32(a, b)));
  for (; k < n; ++k) sum += static_cast<std::uint32_t>((std::int32_t{x[k]} * w[k]) >> shift);
  return static_cast<std::int32_t>(sum);
}

}  // namespace

void sum_taps(LaneMode mode, const TapRun& r) {
  switch (mode) {
    case LaneMode::Low:
      return all_filters<LowLanes, 2>(r);
    case LaneMode::Split:
      return all_filters<SplitLanes, 1>(r);
    case LaneMode::High:
      return all_filters<HighLanes, 2>(r);
    case LaneMode::Pair:
      return all_filters<PairLanes, 2>(r);
    case LaneMode::PairSplit:
      return all_filters<PairSplitLanes, 1>(r);
    case LaneMode::PairHigh:
      return all_filters<PairHighLanes, 2>(r);
    case LaneMode::Plain:
      break;
  }
}

void sum_filters(LaneMode mode, const FilterRun& r) {
  for (std::int64_t first = 0; first < r.filters; first += kLanes) {
    if (mode == LaneMode::Low)
      filters_narrow<LowLanes>(r, first);
    else if (mode == LaneMode::Split)
      filters_narrow<SplitLanes>(r, first);
    else if (mode == LaneMode::High)
      filters_narrow<HighLanes>(r, first);
    else
      filters_wide(r, first);
  }
}

std::int32_t dot(LaneMode mode, const std::int16_t* input, const std::int16_t* weight, std::int64_t n, int shift) {
  switch (mode) {
    case LaneMode::Low:
      return dot_in<LowLanes>(input, weight, n, shift);
    case LaneMode::Split:
      return dot_in<SplitLanes>(input, weight, n, shift);
    case LaneMode::High:
      return dot_in<HighLanes>(input, weight, n, shift);
    case LaneMode::Pair:
      return dot_in<PairLanes>(input, weight, n, shift);
    case LaneMode::PairSplit:
      return dot_in<PairSplitLanes>(input, weight, n, shift);
    case LaneMode::PairHigh:
      return dot_in<PairHighLanes>(input, weight, n, shift);
    case LaneMode::Plain:
      break;
  }
  return 0;
}

}  // namespace eyrie::sim::avx2
