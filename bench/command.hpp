#pragma once

#include <benchmark/benchmark.h>

namespace eyrie::bench {

/// Of this machine; at least 1.
unsigned processors();

/// `eyrie run` of AlexNet's five convolutions, batch 4, on Eyeriss v1, from start to exit, in turns with the plain
/// convolution of the same five layers with the same integers.
void whole_command(benchmark::State&, unsigned jobs);

}  // namespace eyrie::bench
