#pragma once

// Multi-objective search over a space of designs.

#include <cstdint>
#include <functional>
#include <vector>

#include "explore/study/parameters.hpp"
#include "explore/study/pareto.hpp"

namespace eyrie {

/// Figures of a batch of choices, all to be small; a choice that is no design, or fails, has none (an empty vector).
using EvaluateBatch = std::function<std::vector<Objectives>(const std::vector<Choice>&)>;

struct SearchSettings {
  std::int64_t population = 40;  ///< a multiple of four, at least 8
  std::int64_t generations = 10;
  std::int64_t seed = 1;
};

/// NSGA-II (Deb et al., IEEE TEC 6(2) 2002) as pagmo has it, over the indices of values. Each generation is one batch.
/// At least two objectives. The same seed and figures give the same batches, so that a search whose figures are stored
/// can be begun again.
void nsga2_search(const std::vector<std::size_t>& sizes, std::size_t objectives, const SearchSettings&,
                  const EvaluateBatch&);

}  // namespace eyrie
