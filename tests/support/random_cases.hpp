#pragma once

// Random layers, machines and mappings for property tests: small, odd, prime, ragged.

#include <optional>

#include "arch/architecture.hpp"
#include "base/random.hpp"
#include "dataflows/mapping.hpp"
#include "workloads/nest.hpp"

namespace eyrie::test {

/// Eyeriss's component kinds with other sizes, widths, depths and switches.
Architecture random_machine(Random&);
/// The same parts as an array in lockstep: adder trees, systolic networks with skew, links between neighbours, or plain
/// multicast; passes that overlap or not, rings or tiles for buffers, DMA engines, limits on steps.
Architecture random_lockstep_machine(Random&);
/// Makes a machine of autonomous PEs one of these.
void put_in_lockstep(Architecture&, Random&);
/// At most 9 in any dimension; strides, dilations, groups, padding, pools.
LayerNest random_layer(Random&);
/// Row-stationary parameters that need not be legal.
Mapping random_row_stationary(const LayerNest&, const Architecture&, Random&);
/// The loops outside the array in another order, with the buffers' keeps elsewhere: psums go to DRAM and come back,
/// ifmaps slide.
Mapping shuffled_outside(Mapping, const Architecture&, Random&);
/// Any nest: every dimension cut anywhere, in any order, kept anywhere, spread along either axis. Mostly illegal.
Mapping random_nest(const LayerNest&, const Architecture&, Random&);
/// The first legal one of many of the three kinds above.
std::optional<Mapping> random_mapping(const LayerNest&, const Architecture&, Random&);

}  // namespace eyrie::test
