#pragma once

#include <catch2/catch.hpp>

#include "mapper/isca2016.hpp"

namespace eyrie::isca2016::test {

struct Shape {
  const char* name;
  std::int64_t groups, filter, ofmap, channels, filters, stride;  // channels and filters per group; all square
};
// ISCA 2016, Table II, seen in the text. Of fully connected layers the filter is as large as the ifmap.
inline const Shape kConv[] = {{"CONV1", 1, 11, 55, 3, 96, 4},
                              {"CONV2", 2, 5, 27, 48, 128, 1},
                              {"CONV3", 1, 3, 13, 256, 384, 1},
                              {"CONV4", 2, 3, 13, 192, 192, 1},
                              {"CONV5", 2, 3, 13, 192, 128, 1}};
inline const Shape kFullyConnected[] = {
    {"FC1", 1, 6, 1, 256, 4096, 1}, {"FC2", 1, 1, 1, 4096, 4096, 1}, {"FC3", 1, 1, 1, 4096, 1000, 1}};

inline LayerNest nest(const Shape& l, std::int64_t batch) {
  return {.extent = {{l.groups, batch, l.filters, l.channels, l.ofmap, l.ofmap, l.filter, l.filter}},
          .stride = {l.stride, l.stride}};
}

/// The best mapping on the paper's machine.
inline Optimum best(const Shape& l, std::int64_t batch, Dataflow d = Dataflow::RowStationary, std::int64_t pes = 256) {
  const auto found = optimise(d, nest(l, batch), baseline(d, pes));
  REQUIRE(found);
  return *found;
}

}  // namespace eyrie::isca2016::test
