#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie {

/// A dataflow is a set of constraints on mappings: which dimensions may be spread along which axis of the array, which
/// may have more than one element in a PE's part of a pass, and what a PE or a column of PEs must hold whole. A file of
/// kind `dataflow`; the mapper chooses inside of it.
struct Dataflow {
  std::string kind = "dataflow", name, title, source;
  std::vector<Dim> x{kAllDims.begin(), kAllDims.end()};  ///< may be spread along x (C, R, S never are: psums travel up)
  std::vector<Dim> y{kAllDims.begin(), kAllDims.end()};  ///< may be spread along y
  std::vector<Dim> pe{kAllDims.begin(), kAllDims.end()};  ///< may have more than one element in a PE's part
  std::vector<Dim> whole_in_pe;                           ///< a PE's part has all of it
  std::vector<Dim> whole_on_y;                            ///< one element a row of PEs, all of it in a chain
  std::vector<Dim> y_pools;                               ///< in layers without filters, instead of y; empty: y
  std::vector<Dim> fill;                                  ///< spread as far as it and the array go
  std::optional<Operand> longest;                         ///< its words stay longest in the PE: kept outermost there
  Place where;
  [[nodiscard]] bool allows(const std::vector<Dim>& list, Dim d) const;
  /// May `d` be spread along y in this layer?
  [[nodiscard]] bool allows_y(const LayerNest&, Dim d) const;
};
void describe(Fields&, Dataflow&);

/// Reads and checks; all errors at once as InputError.
Dataflow read_dataflow(const YamlDocument&);

/// The loop nest that all mappings of a dataflow share, in the usual notation: which loops may stand outside the array,
/// along its axes and in a PE, and for each tensor what stays where for how long.
std::string to_text(const Dataflow&);

}  // namespace eyrie
