#include "workloads/tflite_functions.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string_view>

#include "base/ensure.hpp"

namespace eyrie {

namespace {

/// Where the kernels' table is one above sigmoid(i / 24) x 2^16 to the nearest, i = 0 to 255.
constexpr std::string_view kOneAbove =
    "0000100010001011110111100101111101110101110111100110001000000011"
    "1010000000000000001000100000010000001001000000001000100000000000"
    "0000000100000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000001";

/// sigmoid(i / 24), 16 bits of fraction.
const std::array<std::uint32_t, 256>& places() {
  static const auto table = [] {
    std::array<std::uint32_t, 256> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = static_cast<std::uint32_t>(std::lround(65536 / (1 + std::exp(-static_cast<double>(i) / 24)))) +
               (kOneAbove[i] == '1' ? 1 : 0);
    return all;
  }();
  return table;
}

/// Between the places: `x` has `bits` bits behind a place's number. 16 + `bits` bits of fraction.
std::uint32_t between_places(std::uint32_t x, int bits) {
  const auto place = static_cast<std::size_t>(x >> bits);
  const std::uint32_t rest = x & ((std::uint32_t{1} << bits) - 1);
  return (places()[place] << bits) + rest * (places()[place + 1] - places()[place]);
}

}  // namespace

std::int16_t tflite_sigmoid(std::int16_t word) {
  const std::int32_t x = word * 3;
  const auto size = static_cast<std::uint32_t>(std::abs(x));
  const std::uint32_t half = 1 << 9;
  const std::uint32_t value = (size >> 9) >= 255 ? std::uint32_t{0x7FFF} << 10 : between_places(size, 9);
  return static_cast<std::int16_t>((x >= 0 ? value + half : (std::uint32_t{1} << 25) - value + half - 1) >> 10);
}

std::int16_t tflite_tanh(std::int16_t word, int power) {
  ensure(power >= -15 && power <= 0, "the scale of a cell's state is 2^-15 to 1");
  const int left = 12 + power;
  const std::int32_t scaled = word * (left > 0 ? 3 << left : 3);
  const std::int32_t x = left >= 0 ? scaled : (scaled + (1 << (-left - 1))) >> -left;
  const auto size = static_cast<std::uint32_t>(std::abs(x));
  const auto value =
      static_cast<std::int32_t>((size >> 8) >= 255 ? std::uint32_t{0xFFFF} << 8 : between_places(size, 8));
  const std::int32_t one = 1 << 23, half = 1 << 7;
  return static_cast<std::int16_t>((x >= 0 ? value - one + half : one - value + half - 1) >> 8);
}

Rescale tflite_mean(double factor, std::int64_t count) {
  ensure(count >= 1, "a mean is of something");
  Rescale r = fixed_point(factor);
  const int bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count))) - 1;
  const int shift = std::min({bits, 32, 31 + static_cast<int>(r.exponent)});
  r.multiplier = static_cast<std::int32_t>((static_cast<std::int64_t>(r.multiplier) << shift) / count);
  r.exponent -= shift;
  return r;
}

}  // namespace eyrie
