#pragma once

// Why is there no legal mapping? The smallest set of constraints that conflict, each with its place in the user's
// files, and the nearest change that helps.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "mapper/constraint.hpp"

namespace eyrie {

/// A constraint changed so that mappings appear: to the smallest value that suffices, or taken away.
struct Change {
  Constraint constraint;
  std::optional<std::int64_t> value;  ///< if it is a number
  std::string problem;                ///< `ifmap_spad has 12 words`
  std::string need;                   ///< `ifmap_spad needs 13 words`
  std::string remedy;                 ///< `with 13`, `without it`: goes before `there is a mapping`
};

/// A member of the conflict.
struct Conflicting {
  Constraint constraint;
  std::string problem;
  std::optional<Change> alone;  ///< the change of this constraint that helps with all others as they are
};

/// Why there is no mapping.
struct WhyNot {
  std::string where;                  ///< there is none: `eyeriss_v1`, `eyeriss_v1 within 99 cycles`
  std::vector<Conflicting> conflict;  ///< together they allow nothing, any of them left out they allow something;
                                      ///< nearest change first. Of all such sets one of the smallest
  std::vector<Change> nearest;        ///< the nearest change that helps: one constraint or, where none alone is enough,
                                      ///< as few together as suffice; the values are smallest given each other
};

/// A limit on cycles, and what the fastest mapping takes (of `search_mapping` for cycles, without the limit). It has
/// a say only where mappings exist; then the conflict is the limit alone, with machine, dataflow and layer as given.
struct CycleLimit {
  Cycles most, fewest;
};

/// Nothing if there is a legal mapping (within the limit).
std::optional<WhyNot> why_not(const MapProblem&, const std::optional<CycleLimit>& = {});

/// Where a path of a document stands (YamlDocument::place_of).
using Locate = std::function<Place(Document, std::string_view path)>;

/// One diagnostic at the layer, then one for each member of the conflict and each change beyond them. They belong
/// together in this order, whatever their places.
std::vector<Diagnostic> diagnostics(const WhyNot&, std::string_view layer, const Place& layer_place, const Locate&);

}  // namespace eyrie
