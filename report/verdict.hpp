#pragma once

// Internal to report: what a run says about correctness, in one sentence.

#include <string>

#include "report/experiment_result.hpp"

namespace eyrie {

/// From best to worst.
enum class Standing { Equal, NotCompared, Differs, Stuck };

/// A run's standing and the sentence that tells it; layers are named where they matter.
struct Verdict {
  Standing standing = Standing::NotCompared;
  std::string sentence;
};
Verdict verdict_of(const ExperimentResult&);

}  // namespace eyrie
