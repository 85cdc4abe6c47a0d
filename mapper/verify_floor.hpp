#pragma once

// What traffic a choice of options makes at least, whole or begun.

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "dataflows/traffic.hpp"
#include "mapper/options.hpp"
#include "mapper/verify_nests.hpp"

namespace eyrie {

/// Options of the first dimensions, in the order P R Q S G N C M, and products over them.
struct Begun {
  std::array<const DimOption*, kDims> option{};  ///< by Dim
  std::int64_t columns = 1, rows = 1;
  std::int64_t passes = 1, busiest = 1, leaving = 1, reduced = 1;
  std::array<std::int64_t, 4> group_passes{1, 1, 1, 1}, group_parts{1, 1, 1, 1};  ///< by the Operand irrelevant to; G
  std::int64_t sent_lines = 1, delivered_lines = 1;
};

/// The least that any nest with these options moves, from what a pass is:
///  - each pass sends every filter word and every line under its windows at least once, each PE's part gets its own;
///  - psums: each pass collects each of its outputs once and, unless psums start there, the first does not send them;
///    a PE part joins one, and every join but the last of a chain is a hop;
///  - each tensor crosses DRAM's link once;
///  - the busiest PE of a pass has a slot for each of its MACs and of its psums, and no PE does less than an equal
///    share;
///  - in lockstep a chain of PEs makes a step for each of its outputs and each element of the largest reduced part.
/// All of it are products of what the dimensions bring, each at least 1 and not less in parts than in passes: with what
/// is not chosen yet left out, or at the least of its options, the products can only be smaller.
class Floor {
 public:
  Floor(const LayerNest&, const Architecture&, const std::array<std::vector<DimOption>, kDims>&,
        std::array<bool, 3> passes_by);

  static constexpr std::array kOrder{Dim::P, Dim::R, Dim::Q, Dim::S, Dim::G, Dim::N, Dim::C, Dim::M};
  /// `i` dimensions are chosen; the next one gets this option.
  [[nodiscard]] Begun with(const Begun&, std::size_t i, const DimOption&) const;
  [[nodiscard]] Traffic least(const Begun&, std::size_t chosen) const;
  /// For whole choices, with ifmap lines as a PE's nest cuts them.
  [[nodiscard]] Traffic exact(const Begun&, const KeptNest& pe) const;

 private:
  struct Lines {
    std::int64_t sent = 0, delivered = 0;
  };
  [[nodiscard]] Lines lines_least(Dim out, const DimOption&, Dim tap, const DimOption&) const;
  [[nodiscard]] Lines lines(Dim out, Dim tap, const Begun&, const KeptNest&) const;
  [[nodiscard]] RowsColumns steps(Dim out) const;  ///< stride as rows, dilation as columns
  void sent_ifmaps(Traffic&, const Begun&, std::int64_t sent, std::int64_t delivered, std::size_t chosen) const;

  const LayerNest& l_;
  const Architecture& a_;
  std::array<bool, 3> passes_by_;
  std::array<Begun, kDims + 1> rest_;  ///< least products of the dimensions from the i-th on
  std::int64_t whole_rows_ = 1, whole_columns_ = 1;
  mutable std::map<std::array<const DimOption*, 2>, Lines> least_;
};

}  // namespace eyrie
