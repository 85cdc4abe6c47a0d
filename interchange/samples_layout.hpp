#pragma once

// Which index of an array is which of a network input.

#include <string>
#include <vector>

#include "workloads/network.hpp"

namespace eyrie {

struct SampleLayout {
  std::int64_t samples = 1;
  bool channels_last = false;
};

/// The one reading of an array's shape that fits the input: samples before (or one without), then time steps where the
/// input has any, then (c, h, w) or (h, w, c), sizes of 1 left out anywhere. InputError at `name` where there is none,
/// or more than one that would order the numbers differently.
SampleLayout sample_layout(const std::vector<std::int64_t>& shape, const NetworkInput&, const std::string& name);

/// "32 x 32 x 3 (rows, columns, channels)", with the steps before.
std::string input_text(const NetworkInput&);

}  // namespace eyrie
