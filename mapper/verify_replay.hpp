#pragma once

#include "mapper/verify.hpp"
#include "mapper/verify_claim.hpp"

namespace eyrie {

/// Goes through every choice of options, rules out what its floor says cannot refute the claim and looks at all the
/// rest until something does. Counts and `better` go into the Verification.
void replay_bounds(const LayerNest&, const Architecture&, const Dataflow&, const DataFacts&, const Pricing&, Space,
                   const Claim&, Objective, const VerifyEffort&, Verification&);

}  // namespace eyrie
