#pragma once

// What moved between runs that were recorded and the same runs now.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "report/regression.hpp"

namespace eyrie {

inline constexpr const char* kMovesSchema = "eyrie.regression_moves/1";

/// What a figure counts; each kind has a tolerance of its own, but for results, of which none may move.
enum class FigureKind : std::uint8_t { Cycles, Counts, Energy, Result };
template <>
struct names<FigureKind> {
  static constexpr Name<FigureKind> table[] = {
      {"cycles", FigureKind::Cycles, "cycles, processing cycles, PE-cycles by cause"},
      {"counts", FigureKind::Counts, "words and bytes of every action; MACs, passes, active PEs"},
      {"energy", FigureKind::Energy, "pJ"},
      {"result", FigureKind::Result, "what layers computed, where, and whether they could"}};
};

/// How far figures may move, in percent of what they were.
struct RegressionTolerance {
  double cycles = 0, counts = 0, energy = 0;

  /// Of no other kind than the three.
  [[nodiscard]] double of(FigureKind) const;
  /// Exactly at the tolerance is within. Nothing but equality is within a percentage of zero.
  [[nodiscard]] bool allows(FigureKind, double before, double now) const;
  /// "0.5 %", or "cycles 1 %, counts 0 %, energy 0.5 %".
  [[nodiscard]] std::string text() const;
  bool operator==(const RegressionTolerance&) const = default;
};

/// `0.5` of all kinds, `cycles=1,energy=0.5`, or both, the finer ones after it; `%` may follow a number. InputError at
/// `--tolerance` for anything else.
RegressionTolerance parse_regression_tolerance(std::string_view);

/// A figure of a layer, or of the totals: `cycles`, `cycle_stack.mac`, `words.glb.input.read`,
/// `energy_pj.dram.input.read`.
struct RecordedFigure {
  std::string name;
  FigureKind kind = FigureKind::Cycles;
  double value = 0;
};
/// None of a layer that is not on the machine.
std::vector<RecordedFigure> figures_of(const RecordedLayer&);
std::vector<RecordedFigure> figures_of(const RecordedTotals&);

/// Something that is not as it was. Without numbers on both sides it is beyond any tolerance.
struct FigureMove {
  std::string experiment, layer;  ///< layer `total`: all layers together; empty: the experiment as a whole
  std::string figure;             ///< empty: the layer or experiment as a whole
  FigureKind kind = FigureKind::Result;
  std::optional<double> before, now;  ///< one alone: the figure appeared or vanished
  std::string why;                    ///< in words, where numbers don't say it
  bool beyond = true;                 ///< its tolerance
  bool operator==(const FigureMove&) const = default;

  /// Of what it was; none without two numbers, infinite if it was zero.
  [[nodiscard]] std::optional<double> percent() const;
};

/// A layer that is mapped otherwise, which explains what else moved in it.
struct Remapped {
  std::string experiment, layer, before, now;
  bool operator==(const Remapped&) const = default;
};

/// How one experiment came out.
struct RegressionVerdict {
  std::string experiment;
  std::size_t layers = 0, figures = 0, moved = 0, beyond = 0;
  std::optional<double>
      largest;  ///< the largest change in percent, as `FigureMove::percent` has it; none: without numbers
  RecordedTotals before, now;
  std::string failure;
};

struct RegressionMoves {
  RegressionTolerance tolerance;
  std::vector<RegressionVerdict> experiments;  ///< in the baseline's order
  std::vector<FigureMove> moves;               ///< beyond the tolerance first, then the largest change first
  std::vector<Remapped> remapped;

  [[nodiscard]] std::size_t layers() const;
  [[nodiscard]] std::size_t figures() const;  ///< that were compared: of the baseline, and those that appeared
  [[nodiscard]] std::size_t beyond() const;
  [[nodiscard]] bool remaps(const std::string& experiment, const std::string& layer) const;
  /// "7 experiments, 61 layers, 5,204 figures: all equal", or "...: 12 moved, 3 beyond 0.5 %".
  [[nodiscard]] std::string summary() const;
};

/// Compares runs with those of the same names before. Every run of `now` has one.
RegressionMoves compare(const Regression& before, const Regression& now, const RegressionTolerance&);

/// For a terminal; at most so many moves, the others are counted.
std::string to_table(const RegressionMoves&, std::size_t most = 40);
/// A row a move, RFC 4180.
std::string to_csv(const RegressionMoves&);
/// Schema eyrie.regression_moves/1 (docs/regress.md).
std::string to_json(const RegressionMoves&);
/// As GitHub shows it: a table of experiments, then for each that moved its layers, folded; at most so many moves of a
/// layer.
std::string to_markdown(const RegressionMoves&, const std::string& title, std::size_t most = 30);

}  // namespace eyrie
