#pragma once

// What several test files ask of mappings and counts.

#include <string>

#include "arch/architecture.hpp"
#include "dataflows/action_counts.hpp"
#include "dataflows/mapping.hpp"
#include "workloads/nest.hpp"

namespace eyrie::test {

/// Fails the test with the rule that a mapping breaks, if any.
void require_legal(const Mapping&, const LayerNest&, const Architecture&);
/// A line a row: component, tensor, action, words. For comparing with a readable difference.
std::string words_of(const ActionCounts&);

}  // namespace eyrie::test
