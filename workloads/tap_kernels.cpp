#include "workloads/tap_kernels.hpp"

#include <algorithm>

#if defined(__x86_64__) && defined(__GNUC__)
#define EYRIE_HAS_AVX2 1
#include <immintrin.h>
#endif

namespace eyrie::fast {

namespace {

constexpr std::int64_t kPortablePositions = 64;

void portable_positions(const PositionBlock& b) {
  std::uint32_t sums[kPortablePositions] = {};
  for (std::int64_t tap = 0; tap < b.taps; ++tap) {
    const std::int16_t* in = b.input + b.offset[tap];
    const std::int32_t w = static_cast<std::int16_t>(b.weights[tap]);
    for (std::int64_t i = 0; i < kPortablePositions; ++i) sums[i] += static_cast<std::uint32_t>((in[i] * w) >> b.shift);
  }
  for (std::int64_t i = 0; i < kPortablePositions; ++i) b.sums[i] = static_cast<std::int32_t>(sums[i]);
}

std::uint32_t portable_run(const RunBlock& b, std::int64_t input, std::int64_t from) {
  std::uint32_t sum = 0;
  const std::int16_t* in = b.input + input * b.apart;
  for (std::int64_t i = from; i < b.taps; ++i) sum += static_cast<std::uint32_t>((in[i] * b.weights[i]) >> b.shift);
  return sum;
}

void portable_runs(const RunBlock& b) {
  for (std::int64_t n = 0; n < b.inputs; ++n) b.sums[n] = static_cast<std::int32_t>(portable_run(b, n, 0));
}

#ifdef EYRIE_HAS_AVX2
#define EYRIE_AVX2 [[gnu::target("avx2")]]
#define EYRIE_AVX2_INLINE [[gnu::target("avx2"), gnu::always_inline]] static inline

/// Sums of 16 products (or 8 pairs) at a time. `low` is used where a sum has two parts.
struct Sums {
  __m256i high, low;
};

/// What all sums of a block share.
struct Shift {
  __m128i count;  ///< of bits, for the half that is shifted
  int bits;       ///< of the whole product
};

/// Sums of 32 bits.
struct Whole {
  static constexpr std::int64_t tap_pair = 2;
  EYRIE_AVX2_INLINE void store(__m256i sum, std::int32_t* to) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), sum);
  }
};

/// Sums of 16 bits.
struct Half {
  static constexpr std::int64_t tap_pair = 1;
  EYRIE_AVX2_INLINE void store(__m256i sum, std::int32_t* to) {
    auto* at = reinterpret_cast<__m256i*>(to);
    _mm256_storeu_si256(at, _mm256_cvtepi16_epi32(_mm256_castsi256_si128(sum)));
    _mm256_storeu_si256(at + 1, _mm256_cvtepi16_epi32(_mm256_extracti128_si256(sum, 1)));
  }
};

struct Unshifted : Whole {
  static constexpr int channels = 4;
  EYRIE_AVX2_INLINE void add(Sums& s, __m256i a, __m256i w, const Shift&) {
    s.high = _mm256_add_epi32(s.high, _mm256_madd_epi16(a, w));
  }
  EYRIE_AVX2_INLINE __m256i total(const Sums& s, const Shift&) { return s.high; }
};

/// Shifts 1 to 15; psums of at most 16 bits.
struct BothHalves : Half {
  static constexpr int channels = 2;
  EYRIE_AVX2_INLINE void add(Sums& s, __m256i a, __m256i w, const Shift& shift) {
    s.high = _mm256_add_epi16(s.high, _mm256_mulhi_epi16(a, w));
    s.low = _mm256_add_epi16(s.low, _mm256_srl_epi16(_mm256_mullo_epi16(a, w), shift.count));
  }
  EYRIE_AVX2_INLINE __m256i total(const Sums& s, const Shift& shift) {
    return _mm256_add_epi16(_mm256_sll_epi16(s.high, _mm_cvtsi32_si128(16 - shift.bits)), s.low);
  }
};

/// Shifts 16 to 31; psums of at most 16 bits.
struct HighHalf : Half {
  static constexpr int channels = 4;
  EYRIE_AVX2_INLINE void add(Sums& s, __m256i a, __m256i w, const Shift& shift) {
    s.high = _mm256_add_epi16(s.high, _mm256_sra_epi16(_mm256_mulhi_epi16(a, w), shift.count));
  }
  EYRIE_AVX2_INLINE __m256i total(const Sums& s, const Shift&) { return s.high; }
};

/// Shifts 1 to 15; wider psums.
struct BothHalvesWide : Whole {
  static constexpr int channels = 2;
  EYRIE_AVX2_INLINE void add(Sums& s, __m256i a, __m256i w, const Shift& shift) {
    const __m256i one = _mm256_set1_epi16(1);
    s.high = _mm256_add_epi32(s.high, _mm256_madd_epi16(_mm256_mulhi_epi16(a, w), one));
    s.low = _mm256_add_epi32(s.low, _mm256_madd_epi16(_mm256_srl_epi16(_mm256_mullo_epi16(a, w), shift.count), one));
  }
  EYRIE_AVX2_INLINE __m256i total(const Sums& s, const Shift& shift) {
    return _mm256_add_epi32(_mm256_sll_epi32(s.high, _mm_cvtsi32_si128(16 - shift.bits)), s.low);
  }
};

/// Shifts 16 to 31; wider psums.
struct HighHalfWide : Whole {
  static constexpr int channels = 4;
  EYRIE_AVX2_INLINE void add(Sums& s, __m256i a, __m256i w, const Shift& shift) {
    s.high = _mm256_add_epi32(
        s.high, _mm256_madd_epi16(_mm256_sra_epi16(_mm256_mulhi_epi16(a, w), shift.count), _mm256_set1_epi16(1)));
  }
  EYRIE_AVX2_INLINE __m256i total(const Sums& s, const Shift&) { return s.high; }
};

EYRIE_AVX2 Shift shift_of(int bits) { return {_mm_cvtsi32_si128(bits < 16 ? bits : bits - 16), bits}; }

constexpr int kVectors = 2;  ///< of positions in a block

template <class Sum, int channels>
EYRIE_AVX2 void positions(const PositionBlock& b) {
  const Shift shift = shift_of(b.shift);
  const __m256i zero = _mm256_setzero_si256();
  Sums sums[channels][kVectors];
  for (auto& channel : sums)
    for (auto& s : channel) s = {zero, zero};
  const std::uint32_t* weights = b.weights;
  for (std::int64_t tap = 0; tap < b.taps; ++tap, weights += channels) {
    const auto* in = reinterpret_cast<const __m256i*>(b.input + b.offset[tap]);
    const __m256i a[kVectors] = {_mm256_loadu_si256(in), _mm256_loadu_si256(in + 1)};
    for (int c = 0; c < channels; ++c) {
      const __m256i w = _mm256_set1_epi32(static_cast<int>(weights[c]));
      for (int v = 0; v < kVectors; ++v) Sum::add(sums[c][v], a[v], w, shift);
    }
  }
  constexpr int each = 16 / Sum::tap_pair;
  for (int c = 0; c < channels; ++c)
    for (int v = 0; v < kVectors; ++v) Sum::store(Sum::total(sums[c][v], shift), b.sums + (c * kVectors + v) * each);
}

/// `inputs` sums, taps in vectors; what is left of them is added one by one.
template <class Sum, int inputs>
EYRIE_AVX2 void run_of(const RunBlock& b, std::int64_t first) {
  const Shift shift = shift_of(b.shift);
  const __m256i zero = _mm256_setzero_si256();
  Sums sums[inputs];
  for (auto& s : sums) s = {zero, zero};
  std::int64_t tap = 0;
  for (; tap + 16 <= b.taps; tap += 16) {
    const __m256i w = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b.weights + tap));
    for (int n = 0; n < inputs; ++n) {
      const auto* in = reinterpret_cast<const __m256i*>(b.input + (first + n) * b.apart + tap);
      Sum::add(sums[n], _mm256_loadu_si256(in), w, shift);
    }
  }
  for (int n = 0; n < inputs; ++n) {
    std::int32_t parts[16] = {};
    Sum::store(Sum::total(sums[n], shift), parts);
    std::uint32_t sum = portable_run(b, first + n, tap);
    for (const auto part : parts) sum += static_cast<std::uint32_t>(part);
    b.sums[first + n] = static_cast<std::int32_t>(sum);
  }
}

template <class Sum>
void runs(const RunBlock& b) {
  std::int64_t n = 0;
  for (; n + 4 <= b.inputs; n += 4) run_of<Sum, 4>(b, n);
  for (; n < b.inputs; ++n) run_of<Sum, 1>(b, n);
}

template <class Sum>
TapKernels kernels() {
  return {.tap_pair = Sum::tap_pair,
          .channels = Sum::channels,
          .positions = kVectors * 16 / Sum::tap_pair,
          .many = positions<Sum, Sum::channels>,
          .one = positions<Sum, 1>,
          .runs = runs<Sum>};
}
#endif

}  // namespace

TapKernels tap_kernels(int shift, Bits psum, Instructions instructions) {
#ifdef EYRIE_HAS_AVX2
  if (instructions == Instructions::Best && __builtin_cpu_supports("avx2")) {
    const bool narrow = psum <= Bits{16};
    if (shift == 0) return kernels<Unshifted>();
    if (shift < 16) return narrow ? kernels<BothHalves>() : kernels<BothHalvesWide>();
    return narrow ? kernels<HighHalf>() : kernels<HighHalfWide>();
  }
#endif
  return {.tap_pair = 1,
          .channels = 1,
          .positions = kPortablePositions,
          .many = portable_positions,
          .one = portable_positions,
          .runs = portable_runs};
}

}  // namespace eyrie::fast
