#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "mapper/search.hpp"

namespace eyrie {

/// The best mappings met so far, and whether a bound leaves hope for better.
class BestKnown {
 public:
  BestKnown(Objective objective, std::size_t keep, std::optional<Cycles> limit)
      : objective_{objective}, keep_{std::max<std::size_t>(1, keep)}, limit_{limit} {}

  /// Could a mapping that costs at least `bound` belong to the best?
  [[nodiscard]] bool worth(const MapCost& bound) const;
  void offer(MapCandidate);
  /// Score that the next must beat; infinite while there is room.
  [[nodiscard]] double worst() const;
  /// Best first; the front by rising energy.
  [[nodiscard]] std::vector<MapCandidate> all() &&;

 private:
  [[nodiscard]] bool better(const MapCost& a, const MapCost& b) const;
  Objective objective_;
  std::size_t keep_;
  std::optional<Cycles> limit_;
  std::vector<MapCandidate> all_;
};

}  // namespace eyrie
