#include "energy/precision.hpp"

#include <algorithm>
#include <cmath>

namespace eyrie {

namespace {

double number(Bits b) { return static_cast<double>(b.count()); }

/// pJ in 45 nm, Horowitz, ISSCC 2014, Fig. 1.1.9; here only their ratio matters.
double multiplication(Bits a, Bits b) { return 3.1 * number(a) * number(b) / (32 * 32); }
double addition(Bits b) { return 0.1 * number(b) / 32; }

/// A multiplication and an addition at other widths, over what they are at the machine's.
class Shares {
 public:
  Shares(const Widths& own, const Widths& data, Packing packing) : own_{own}, data_{data}, packing_{packing} {}

  [[nodiscard]] double mac() const {
    return whole(multiplication(own_.input, own_.weight), multiplication(data_.input, data_.weight));
  }
  [[nodiscard]] double activate() const {
    return whole(multiplication(own_.output, own_.output), multiplication(data_.output, data_.output));
  }
  /// The test for zero, bit by bit.
  [[nodiscard]] double gated() const {
    return packing_ == Packing::Packed ? number(data_.input) / number(own_.input) : 1;
  }
  [[nodiscard]] double add() const { return added() / addition(own_.psum); }

 private:
  [[nodiscard]] double added() const {
    return addition(packing_ == Packing::Packed ? data_.psum : std::max(data_.psum, own_.psum));
  }
  [[nodiscard]] double whole(double before, double now) const {
    const bool stands_still = packing_ == Packing::Packed || now >= before;
    const double multiplied = stands_still ? now : before * std::sqrt(now / before);
    return (multiplied + added()) / (before + addition(own_.psum));
  }

  Widths own_, data_;
  Packing packing_;
};

}  // namespace

EnergyTable at_precision(const EnergyTable& table, const Architecture& base, const Widths& data, Packing packing) {
  EnergyTable t = table;
  const Shares shares{base.words, data, packing};
  t.arithmetic = {.at = std::max(base.words.input, base.words.weight),
                  .mac = shares.mac(),
                  .gated = shares.gated(),
                  .add = shares.add(),
                  .activate = shares.activate()};
  return t;
}

}  // namespace eyrie
