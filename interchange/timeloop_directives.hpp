#pragma once

// Internal to interchange: the directives of a Timeloop mapping, sorted by level, before they become a nest.

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "interchange/timeloop_levels.hpp"
#include "interchange/timeloop_mapping.hpp"

namespace eyrie {

/// A loop's trips and how many of them run the last time around.
struct TimeloopFactor {
  std::int64_t all = 1, last = 1;
};

/// The loops of one level: of time or of space.
struct TimeloopLoops {
  std::map<Dim, TimeloopFactor> factors;
  std::vector<Dim> order;  ///< innermost first
  std::size_t split = kDims;
  Place where;
  bool given = false;
};

/// What a mapping says, in slots that stand in the order of the machine.
struct TimeloopDirectives {
  std::vector<TimeloopLevel> levels;
  std::vector<TimeloopFanout> fanouts;         ///< spatial levels, all right inside of the innermost buffer
  std::vector<TimeloopLoops> time;             ///< of each level
  std::vector<TimeloopLoops> space;            ///< of each fan-out
  std::vector<std::vector<Operand>> bypasses;  ///< of each level
  Place where;                                 ///< of the list

  /// Index of the innermost level outside of the array.
  [[nodiscard]] std::size_t innermost_outside() const;
  /// All slots, outermost first.
  template <class Visit>
  void each_slot(Visit visit) const {
    for (std::size_t i = 0; i < levels.size(); ++i) {
      visit(time[i]);
      if (i == innermost_outside())
        for (const auto& s : space) visit(s);
    }
  }
};

/// Reads all directives of a document with a `mapping`. What is wrong is added to `wrong`.
TimeloopDirectives read_timeloop_directives(const YamlDocument&, const LayerNest&, const Architecture&,
                                            const TimeloopContext&, Diagnostics& wrong);

/// Timeloop's letter for a dimension of Eyrie's.
char timeloop_letter(Dim, TimeloopAxes);

}  // namespace eyrie
