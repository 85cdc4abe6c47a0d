#pragma once

#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "base/yaml.hpp"
#include "dataflows/mapping.hpp"
#include "interchange/timeloop_architecture.hpp"
#include "interchange/timeloop_problem.hpp"

namespace eyrie {

/// What a Timeloop mapping takes for granted of the files beside it.
struct TimeloopContext {
  TimeloopAxes axes = TimeloopAxes::PIsColumns;  ///< of the problem
  /// Levels with spatial loops, outermost first. Without any: ARRAY_rows, ARRAY_columns and ARRAY, the array's name.
  std::vector<TimeloopFanout> fanouts;
  std::vector<std::string> added;  ///< memories that Timeloop's machine doesn't have; a written mapping leaves them out
};

/// A mapping and what had to be said differently to mean the same, a sentence each.
struct TimeloopMapping {
  Mapping mapping;
  std::vector<std::string> notes;
};

/// Reads a Timeloop v4 mapping of this layer on this machine: directives of types temporal, spatial and dataspace (also
/// called bypass or datatype) whose targets are the machine's dram, buffers and spads, and for spatial ones the array,
/// the innermost buffer or one of `context.fanouts`.
///
/// - Permutations run from the innermost loop outwards; dimensions that are left out lie outside of the others and must
///   have factor 1. The first `split` entries of a spatial one lie along x (columns), the rest along y; without a
///   split all lie along x.
/// - Factors that are left out are 1; 0 is the whole dimension. `P=7,6` is seven times, the last time around six.
/// - Directives may come in any order: levels stand in the order of the machine.
/// - A tensor passes by a buffer whose partition has `bypass`. One that bypasses a memory in which this machine must
/// keep
///   it is kept where its tile is smallest, so the
///   memory outside sees the same traffic. The keep of psums moves out of loops that only sum into them, which changes
///   no tile. Both are noted.
///
/// InputError: what isn't understood, targets and data spaces that there are not, factors that don't multiply to the
/// layer, temporal loops between spatial ones. Legality is not checked.
/// Source: Timeloop documentation, "Mapping" (order of permutations, split); NVlabs/timeloop, src/mapping/parser.cpp
/// (defaults, residual factors and the sum that they must satisfy).
TimeloopMapping read_timeloop_mapping(const YamlDocument&, const LayerNest&, const Architecture&,
                                      const TimeloopContext& context = {});

/// A mapping that was read as an Eyrie file of kind `mappings`, its notes as comments. Workload and layer are called
/// `problem`, as `timeloop_workload_text` calls them.
std::string timeloop_mappings_text(const TimeloopMapping&, const std::string& problem, const std::string& architecture);

/// A legal mapping as a Timeloop v4 mapping, its letters as `context.axes` says; it reads back to the same nest.
///
/// InputError at the entry (or `fallback`) that Timeloop has no word for: tensors of one memory kept at different
/// places, memories nested otherwise than in the machine, a dimension cut twice at a level, an inner factor that
/// leaves a remainder in every round, a temporal loop between the array and its first spad.
std::string timeloop_mapping_text(const Mapping&, const LayerNest&, const Architecture&,
                                  const TimeloopContext& context = {}, const Place& fallback = {});

}  // namespace eyrie
