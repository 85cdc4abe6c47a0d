#pragma once

#include <cstdint>
#include <string>

#include "base/fields.hpp"

namespace eyrie {

/// What was claimed of a mapping when it was chosen, and how much of the mapspace that rests on; written beside it in a
/// mapping file. Optimal means: in this space and under this cost, biases left out.
struct Certificate {
  std::string objective, space, dataflow, energy_table;
  std::int64_t rank = 1;             ///< among the mappings kept; 1 is the best (of a front: the one of least energy)
  double energy_pj = 0;              ///< of the counts in closed form, with the static energy of the cycle bound
  std::int64_t cycles_bound = 0;     ///< no simulation takes less
  std::int64_t cycles_estimate = 0;  ///< what one is expected to take
  double lower_bound = 0;            ///< of the objective, over all of the space
  bool complete = true;              ///< false: the search was stopped, and the lower bound is below the value
  double log10_space = 0;            ///< mappings of the space, before any rule
  std::int64_t nodes = 0, passes = 0, nests = 0;  ///< partial choices, shapes of passes, whole nests looked at
  std::int64_t array_full = 0, spads_full = 0, buffers_full = 0, gaps = 0, bound_cut = 0;  ///< dropped, by rule
  double root_bound = 0;              ///< of the objective before anything was chosen
  std::string verified;               ///< how code other than the search confirmed it; empty: not asked for
  std::int64_t simulated_cycles = 0;  ///< of a simulation with data; 0: none was made
  double simulated_energy_pj = 0;
  double search_s = 0;  ///< host time; not written to files
  bool operator==(const Certificate&) const = default;
};
void describe(Fields&, Certificate&);

/// As the lines of a mapping file under `certificate:`, each beginning with `indent`.
std::string certificate_yaml(const Certificate&, const std::string& indent);

}  // namespace eyrie
