#pragma once

// Quantities with types: a latency and a capacity don't add, a product of a rate and a time is an amount.

#include <cmath>
#include <compare>
#include <cstdint>

namespace eyrie {

/// An amount of one unit. `Tag` makes the unit, `Rep` holds the value. Construction is explicit;
/// `count()` leaves the type system. Overflow of 64-bit counts is not checked: 2^63 pJ or cycles lie
/// far beyond any run.
template <class Tag, class Rep>
class Quantity {
 public:
  using rep = Rep;
  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep value) : value_{value} {}
  [[nodiscard]] constexpr Rep count() const { return value_; }

  constexpr Quantity& operator+=(Quantity o) {
    value_ += o.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity o) {
    value_ -= o.value_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.value_ + b.value_}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.value_ - b.value_}; }
  friend constexpr Quantity operator*(Quantity a, Rep n) { return Quantity{a.value_ * n}; }
  friend constexpr Quantity operator*(Rep n, Quantity a) { return Quantity{a.value_ * n}; }
  friend constexpr Quantity operator/(Quantity a, Rep n) { return Quantity{a.value_ / n}; }
  friend constexpr Rep operator/(Quantity a, Quantity b) { return a.value_ / b.value_; }
  friend constexpr auto operator<=>(Quantity, Quantity) = default;

 private:
  Rep value_{};
};

using Cycles = Quantity<struct CyclesTag, std::int64_t>;  ///< cycles of the core clock unless said otherwise
using Words = Quantity<struct WordsTag, std::int64_t>;    ///< elements as stored or moved
using Bytes = Quantity<struct BytesTag, std::int64_t>;
using Bits = Quantity<struct BitsTag, std::int64_t>;
using Macs = Quantity<struct MacsTag, std::int64_t>;
using Picojoules = Quantity<struct PicojoulesTag, double>;
using Hertz = Quantity<struct HertzTag, double>;
using Seconds = Quantity<struct SecondsTag, double>;
using BytesPerCycle = Quantity<struct BytesPerCycleTag, double>;
using WordsPerCycle = Quantity<struct WordsPerCycleTag, std::int64_t>;

namespace literals {
constexpr Cycles operator""_cycles(unsigned long long n) { return Cycles{static_cast<std::int64_t>(n)}; }
constexpr Words operator""_words(unsigned long long n) { return Words{static_cast<std::int64_t>(n)}; }
constexpr Bytes operator""_B(unsigned long long n) { return Bytes{static_cast<std::int64_t>(n)}; }
constexpr Bits operator""_b(unsigned long long n) { return Bits{static_cast<std::int64_t>(n)}; }
}  // namespace literals

/// ceil(a / b) for a >= 0 and b > 0.
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Whole bytes that hold `words` elements of `width` bits packed without gaps.
constexpr Bytes bytes_of(Words words, Bits width) { return Bytes{ceil_div(words.count() * width.count(), 8)}; }

/// Cycles that `words` take at `rate` words a cycle, a started cycle counting whole.
constexpr Cycles transfer_time(Words words, WordsPerCycle rate) {
  return Cycles{ceil_div(words.count(), rate.count())};
}

/// Time that `cycles` of a clock take.
constexpr Seconds time_of(Cycles cycles, Hertz clock) {
  return Seconds{static_cast<double>(cycles.count()) / clock.count()};
}

}  // namespace eyrie
