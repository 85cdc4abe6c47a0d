#pragma once

// Why a mapping moves what it moves and takes what it takes: the counts of `traffic` and the cycles of `cycle_model` as
// formulas with their numbers, for people.

#include <cstdint>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "base/fields.hpp"
#include "dataflows/closed_form.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie {

/// The boundaries that words cross.
enum class Boundary : std::uint8_t { Fill, Bias, Sent, Delivered, Hops, Collected, Drained };
template <>
struct names<Boundary> {
  static constexpr Name<Boundary> table[] = {{"fill", Boundary::Fill, "DRAM to buffer; psums that come back"},
                                             {"bias", Boundary::Bias, "DRAM to buffer, where psums start"},
                                             {"sent", Boundary::Sent, "into a delivering network"},
                                             {"delivered", Boundary::Delivered, "arrivals at PEs"},
                                             {"hops", Boundary::Hops, "psums from PE to PE"},
                                             {"collected", Boundary::Collected, "psums from the PEs"},
                                             {"drained", Boundary::Drained, "outputs and psums to DRAM"}};
};

/// One number of a product: `C 256`, `rows 227 (8 windows: 7 x 35 + 31 - 7 x 7 kept)`, `6 times (M 384 by 64)`.
struct Factor {
  std::string label;
  std::int64_t value = 1;
  std::string detail;   ///< how the value came about; may be empty
  bool counts = false;  ///< the label is what is counted and stands behind the value
  bool operator==(const Factor&) const = default;
};

/// Factors times each other. Those of 1 are left out unless they are 1 of several.
struct Product {
  std::vector<Factor> factors;
  bool less = false;  ///< to be subtracted
  [[nodiscard]] std::int64_t words() const;
  bool operator==(const Product&) const = default;
};

/// The words of one tensor across one boundary: a product or, where loops leave remainders, a sum of several.
struct FlowRow {
  Boundary boundary = Boundary::Fill;
  Operand tensor = Operand::Input;
  std::string what;  ///< the tensor, psum or bias
  std::string from, to;
  std::vector<Product> sum;
  std::int64_t words = 0;  ///< what they come to: the count in `Traffic`
};

/// A line of the nest and, for a keep, what it holds.
struct NestLine {
  std::string text, note;
};

/// The lines of a nest, outermost first; all but the first keep say what they hold.
std::vector<NestLine> nest_lines(const Mapping&, const LayerNest&, const Architecture&);
/// The lines below each other, notes in a column of their own; each ends with a line end.
std::string nest_text(const std::vector<NestLine>&);

/// What the keeps take of a memory.
struct MemoryUse {
  std::string memory;  ///< with its partition
  std::int64_t taken = 0, of = 0;
  std::string unit, detail;
};

/// How a dimension of the largest pass lies on the array.
struct SpreadOut {
  Dim dim = Dim::P;
  std::int64_t extent = 1, layer = 1;  ///< in the pass, in the layer
  std::int64_t columns = 1, rows = 1;
  std::vector<std::int64_t> parts;  ///< of the outermost loop that spreads it
};

/// The PEs that have work.
struct ArrayUse {
  std::int64_t pes = 1, largest_pass = 1;  ///< of the machine, of the largest pass
  double average = 0;                      ///< over passes, weighted by their MACs
  std::int64_t macs = 0, slots = 0;        ///< slots: of the busiest PE, summed over passes
  std::vector<SpreadOut> spread;
  [[nodiscard]] double utilization() const;  ///< MACs / (slots x PEs)
};

/// A unit and the core cycles that it is busy.
struct UnitCycles {
  std::string unit;
  double cycles = 0;
  std::string detail;
};

struct CycleUse {
  std::vector<UnitCycles> units;  ///< of the array, busiest first
  std::vector<UnitCycles> link;   ///< of DRAM's link, by tensor
  CycleBreakdown parts;
  std::string bound_limit, estimate_limit;  ///< what either consists of
};

struct Explanation {
  std::vector<NestLine> nest;
  std::vector<MemoryUse> memories;
  ArrayUse array;
  std::vector<FlowRow> flows;  ///< rows without words are left out
  CycleUse cycles;
};

/// Of a legal mapping. Of `facts` only what cycles and biases need. Every row's words are those of `traffic`.
Explanation explain(const Mapping&, const LayerNest&, const Architecture&, const DataFacts& = {});

/// For a terminal of 120 columns; ends with a line end.
std::string to_text(const Explanation&);

/// 1234567 as 1,234,567.
std::string grouped(std::int64_t);

}  // namespace eyrie
