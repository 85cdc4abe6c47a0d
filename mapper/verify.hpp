#pragma once

// Is what the search says true? Checked by code that shares with it the rules of legality, the closed form, the options
// of a dimension and the words for the answer: none of its bounds, none of its lemmas, none of its orders.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mapper/search.hpp"

namespace eyrie {

/// What came out of checking an answer.
struct Verification {
  bool holds = false;
  bool finished = true;                ///< false: stopped by `go_on`
  std::string method;                  ///< "brute force" or "replay of the bounds"
  std::vector<std::string> findings;   ///< what is wrong; empty if it holds
  std::optional<MapCandidate> better;  ///< a mapping that the answer should not have missed
  std::int64_t inner = 0;              ///< whole choices of one option a dimension that fit the array
  std::int64_t ruled_out = 0;          ///< choices, whole or begun, that cannot refute the answer
  std::int64_t examined = 0;           ///< whole choices that were looked at closely
  std::int64_t weighed = 0;            ///< mappings weighed one by one
};

/// How to check.
struct VerifyEffort {
  std::int64_t brute_force_up_to = 4000;  ///< nests on either side of the array; 0: always replay
  std::function<bool()> go_on;            ///< asked now and then; false stops
};

/// Checks an answer to `search_mapping` for the same arguments.
///
/// Each mapping of the answer must be legal, within the cycle limit and cost what the answer says; they must come best
/// first, and none on a front may beat another. Then nothing in the mapspace may refute the answer: no mapping scores
/// lower than the best by more than 1e-9 of it; none is left unbeaten by the front. Of a search that was stopped, only
/// its lower bound must hold: nothing below it is better than what was found. Of several best ones (`keep`), the
/// others are only weighed and compared with each other. A replay does not ask whether a legal mapping of the answer
/// lies inside the dataflow; brute force finds that nothing in the mapspace is as good.
Verification verify_mapping(const LayerNest&, const Architecture&, const Dataflow&, const DataFacts&, const Pricing&,
                            const MapQuestion&, const MapAnswer&, const VerifyEffort& = {});

}  // namespace eyrie
