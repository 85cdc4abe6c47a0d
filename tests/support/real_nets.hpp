#pragma once

// Networks with real parameters and inputs, for tests of quantisation.

#include <string>

#include "workloads/model.hpp"

namespace eyrie::test {

/// `inputs` and `layers` as in a workload file, a line each.
NetworkFile network_file(const std::string& inputs, const std::string& layers);
/// One of every kind of layer, with strides, groups, dilation, ragged windows; ten outputs.
NetworkFile net_of_all_kinds();
/// An LSTM with everything, both kinds of GRU, a mean over steps.
NetworkFile net_of_cells();
/// Convolutions of random shapes behind each other, with pools, sums and joins between.
NetworkFile random_net(std::uint64_t seed);

/// Normal numbers for every input, from `seed`.
RealInputs normal_inputs(const Network&, std::uint64_t seed);

}  // namespace eyrie::test
