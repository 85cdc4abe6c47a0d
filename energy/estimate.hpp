#pragma once

// A figure on its way to a price: value, interval, trust, and how it came about.

#include <optional>
#include <string>
#include <vector>

#include "energy/technology.hpp"

namespace eyrie {

/// A value with what a price says of itself. Values are pJ, um2 or mW, by context.
struct Estimate {
  double value = 0;
  double within = 1;
  Confidence confidence = Confidence::SeenInText;
  std::string source, note;

  /// The same figure `k` times.
  [[nodiscard]] Estimate times(double k) const;
  /// With a note put before its own, and no more trust than `least`. An assumption widens the interval by its usual
  /// width.
  [[nodiscard]] Estimate noted(std::string_view how, Confidence least = Confidence::Derived) const;
};
/// Both together. They may be off together: the sum's interval is the weighted mean of theirs, which independent ones
/// would not reach. Sources and notes follow each other.
Estimate operator+(const Estimate&, const Estimate&);

/// A point of a line in logarithms.
struct Point {
  double x = 0;
  Estimate at;
};

/// Parts of a technology at its own node and supply.
class Parts {
 public:
  explicit Parts(const Technology&);

  /// Energies in pJ. Between widths a line in logarithms; beyond them the square of the width for multiplications
  /// (operands of two widths: their product), the width itself for all else.
  [[nodiscard]] Estimate multiply(Bits, Bits) const;
  [[nodiscard]] Estimate add(Bits) const;
  [[nodiscard]] Estimate compare(Bits) const;
  [[nodiscard]] Estimate count() const;  ///< a counter of 32 bits
  [[nodiscard]] Estimate flip_flops(Bits) const;
  [[nodiscard]] Estimate wire(double millimetres) const;  ///< of a bit
  [[nodiscard]] Estimate control() const;
  /// A word of a register file: over its depth a line in logarithms, in proportion to its width.
  [[nodiscard]] Estimate register_read(Words depth, Bits) const;
  [[nodiscard]] Estimate register_write(Words depth, Bits) const;

  /// Areas in um2; none where the technology has no figure of the part. By the product of a multiplier's widths, by
  /// bits of all else; a controller is what it is.
  [[nodiscard]] std::optional<Estimate> multiplier_area(Bits, Bits) const;
  [[nodiscard]] std::optional<Estimate> area_of(PartKind, Bits) const;
  /// A small memory as it takes least: flip-flops, or a register file by its bytes, a line in logarithms and beyond the
  /// last figures in proportion.
  [[nodiscard]] Estimate memory_area(double bits) const;

  /// Cell areas in um2 and leakage in mW; of a multiplier by the product of its widths, of an adder and of registers
  /// by bits. Registers leak as the multiplier does, by area.
  [[nodiscard]] Estimate datapath_area(Bits, Bits, Bits sum) const;
  [[nodiscard]] Estimate register_area(double bits) const;
  [[nodiscard]] Estimate datapath_leakage(Bits, Bits, Bits sum) const;
  [[nodiscard]] Estimate register_leakage(double bits) const;

  /// A macro of the technology's SRAM as a figure.
  [[nodiscard]] Estimate sram(SramFigure, Bytes, Bits) const;
  [[nodiscard]] const Technology& technology() const { return t_; }

 private:
  [[nodiscard]] Estimate energy_of(const PartFigure&) const;
  [[nodiscard]] Estimate over_width(PartKind, double width, double exponent) const;
  [[nodiscard]] Estimate over_depth(PartKind, Words depth, Bits width) const;
  [[nodiscard]] std::optional<Estimate> known_area(PartKind, double width, double exponent) const;
  [[nodiscard]] Estimate area(PartKind, double width, double exponent) const;
  [[nodiscard]] Estimate leakage(PartKind, double width, double exponent) const;

  const Technology& t_;
  std::vector<Point> files_;  ///< areas of register files over their bytes
};

}  // namespace eyrie
