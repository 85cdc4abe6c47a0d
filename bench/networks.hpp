#pragma once

// Networks as the mapper sees them: loop nests, equal ones once.

#include <cstdint>
#include <string>
#include <vector>

#include "workloads/nest.hpp"
#include "workloads/network.hpp"

namespace eyrie::bench {

/// One nest of a network, and how many of its layers are this nest.
struct Nest {
  std::string layer;  ///< the first that is
  LayerNest nest;
  bool biases = true;
  bool reads_network_input = false;
  std::int64_t times = 1;
};

/// Conv, fully connected and pooling layers that run on the machine, equal nests once.
std::vector<Nest> nests_of(const Network&);

/// Conv and fully connected layers of ResNet-50, batch 1, 224 x 224, the stride in the 3 x 3 (torchvision's;
/// 4,089,184,256 MACs, which is checked). Source: He et al., CVPR 2016, Table 1. Its element-wise additions are no loop
/// nests.
std::vector<Nest> resnet50();

}  // namespace eyrie::bench
