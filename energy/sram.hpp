#pragma once

// What an access to an SRAM costs, by its capacity and the width of its port: points of a tool's sweep, and what lies
// between them.

#include <string>
#include <utility>
#include <vector>

#include "base/yaml.hpp"
#include "energy/energy_table.hpp"

namespace eyrie {

/// One macro with a port that reads or writes.
struct SramPoint {
  Bytes capacity{};
  Bits width{};
  Picojoules read{}, write{};  ///< of an access, the whole width
  Milliwatts leakage{};
  SquareMicrons area{};
  Seconds access{}, cycle{};
  Place where;
};

/// A file of kind `sram_sweep`: macros of one node, cell and supply.
struct SramSweep {
  std::string kind = "sram_sweep", name, title, cell, source;
  Confidence confidence = Confidence::Derived;
  Nanometres technology{};
  Volts voltage{};
  std::vector<SramPoint> points;
  Place where;
};
void describe(Fields&, SramSweep&);

/// Reads and checks: no macro twice, every figure positive, one width with three capacities or more. All errors at once
/// as InputError.
SramSweep read_sram_sweep(const YamlDocument&);

/// What is asked of a macro.
enum class SramFigure : std::uint8_t { Read, Write, Leakage, Area, Access, Cycle };
template <>
struct names<SramFigure> {
  static constexpr Name<SramFigure> table[] = {
      {"read", SramFigure::Read, "pJ"},  {"write", SramFigure::Write, "pJ"},   {"leakage", SramFigure::Leakage, "mW"},
      {"area", SramFigure::Area, "um2"}, {"access", SramFigure::Access, "ns"}, {"cycle", SramFigure::Cycle, "ns"}};
};

/// A figure over capacity and width, in logarithms.
///
/// The width with most capacities is the spine, a line between its points; each other width is the spine times a
/// factor, a line between its own points, and constant beyond them. On the grid of all capacities and widths reads and
/// writes are then made to rise with both, and leakage and area with capacity, by moving values as little as that takes
/// (projections in turn); between grid points the surface is bilinear, beyond them it goes on with the mean of its last
/// slopes.
class SramSurface {
 public:
  SramSurface(SramFigure, const std::vector<SramPoint>&);
  [[nodiscard]] double at(double capacity, double width) const;

 private:
  std::vector<double> capacities_, widths_;  ///< logarithms, rising
  std::vector<double> grid_;                 ///< logarithms, [capacity][width]
  [[nodiscard]] double& cell(std::size_t c, std::size_t w) { return grid_[c * widths_.size() + w]; }
  [[nodiscard]] double cell(std::size_t c, std::size_t w) const { return grid_[c * widths_.size() + w]; }
  void make_monotone(bool in_width);
  /// The mean slope of the first or last segments of an axis.
  [[nodiscard]] double slope(bool in_width, bool at_end) const;
};

/// How far a surface that does not know a point is off there, as factors of at least 1.
struct SramFit {
  double typical = 1,
         worst = 1;      ///< between others of the same width: of the root mean square of logarithms; the largest
  std::string worst_at;  ///< `2048 B x 256 b`
  double edge = 1;       ///< the largest at all: also of the smallest and largest macro of a width, which the others
                         ///< extrapolate to
};
SramFit leave_one_out(SramFigure, const SramSweep&);

/// A sweep as a function. What lies outside of it is extrapolated, and its interval wider.
class SramModel {
 public:
  explicit SramModel(SramSweep);
  struct Value {
    double value = 0;   ///< in the figure's unit
    double within = 1;  ///< by leave-one-out: the worst between points; outside of them that of
                        ///< edges, 1.1 more an octave
    std::int64_t macros = 1;
    bool outside = false;
  };
  /// A port wider than the widest of the sweep is several macros side by side, opened together. InputError without a
  /// place at less than 16 B or more than 64 times the largest macro.
  [[nodiscard]] Value of(SramFigure, Bytes, Bits) const;
  [[nodiscard]] bool reaches(Bytes, Bits) const;  ///< or does `of` refuse it?
  /// Area of the same bytes behind whatever port up to this one takes most: CACTI minimises energy x delay, and some of
  /// its wider macros are smaller. So it rises with capacity and width; and the port that it is of.
  [[nodiscard]] std::pair<Value, Bits> area_up_to(Bytes, Bits) const;
  [[nodiscard]] const SramSweep& sweep() const { return sweep_; }

 private:
  [[nodiscard]] double most_bytes() const;  ///< of a macro that can be estimated

  SramSweep sweep_;
  Bits narrowest_{}, widest_{};
  Bytes smallest_{}, largest_{};
  std::vector<SramSurface> surfaces_;  ///< by SramFigure
  std::vector<SramFit> fits_;
};

}  // namespace eyrie
