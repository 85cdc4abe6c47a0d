#pragma once

#include "workloads/model.hpp"

namespace eyrie {

/// A model as `network.compression` asks for it: shrunk, then pruned, then with shared weights. What of it is done
/// already (filters that are zero, values that are few) stays as it is.
Model compressed(const Model&);

}  // namespace eyrie
