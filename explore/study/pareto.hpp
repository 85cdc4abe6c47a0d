#pragma once

#include <cstddef>
#include <vector>

namespace eyrie {

/// Figures of one point, all to be as small as can be.
using Objectives = std::vector<double>;

/// Is `a` nowhere worse than `b`, and somewhere better?
bool dominates(const Objectives& a, const Objectives& b);

/// Indices, rising, of the points that no other dominates. Equal points are all in it. All have the same length.
std::vector<std::size_t> pareto_front(const std::vector<Objectives>&);

/// Indices, rising, of the points that would be on the front if they were better by `share` of themselves in every
/// objective (0.02: two per cent) and all others were not.
std::vector<std::size_t> near_front(const std::vector<Objectives>&, double share);

}  // namespace eyrie
