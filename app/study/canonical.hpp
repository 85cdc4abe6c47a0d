#pragma once

// The full input of a run as one text: everything that its figures depend on, and nothing else. Files that differ in
// comments or in the order of keys make the same text.

#include <string>

#include "app/experiment.hpp"

namespace eyrie {

/// Of a prepared experiment: machine, prices, network, words, mappings from files, what the mapper is asked for, seed,
/// and Eyrie's version.
std::string canonical_input(const PreparedExperiment&);
/// The part of it that data depend on: network, words, seed, parameters.
std::string canonical_data(const PreparedExperiment&);

}  // namespace eyrie
