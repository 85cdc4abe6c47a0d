#pragma once

// Structured pruning: layers keep fewer elements and stay dense. Source: Yao et al., DeepIoT, SenSys 2017, whose output
// is such networks; which elements go is decided here by the L1 norm of their filters (Li et al., ICLR 2017).

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "workloads/model.hpp"
#include "workloads/network.hpp"

namespace eyrie {

/// The channels that each tensor keeps, ascending, by the layer or network input that makes it.
using KeptChannels = std::map<std::string, std::vector<std::int64_t>>;

/// Which channels stay when every layer of `file.compression->shrink` gives up floor(share x channels) of its own, one
/// at least staying: those with the least score, the first of equal ones. `scores` of a layer's channels, for layers
/// that have filters; absent: 0. Channels that belong together go together: through pools, activations and
/// normalisation, at the inputs of an addition or a product, between a depthwise convolution and what it reads, and
/// from a tensor to what it is joined or reshaped into. What is read or made by groups gives up equally many in each
/// group. Outputs of the network keep all. InputError, at the layer, for what cannot shrink.
KeptChannels kept_channels(const NetworkFile&, const std::map<std::string, std::vector<double>>& scores);

/// The file with smaller layers, without `shrink`; of a seeded network, whose channels are all alike.
NetworkFile shrunk(const NetworkFile&);
/// The file with these channels alone.
NetworkFile with_channels(const NetworkFile&, const KeptChannels&);

/// A model with smaller layers: parameters are cut to match, and the channels that go have the least L1 norms.
Model shrunk(const Model&);
/// The same for channels that are chosen already.
Model with_channels(const Model&, const KeptChannels&);

}  // namespace eyrie
