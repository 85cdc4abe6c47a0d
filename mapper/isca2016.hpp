#pragma once

// The analytic energy model of the ISCA 2016 Eyeriss paper and its optimiser.
//
// Source of the comparison's rules: Chen, Emer, Sze, "Eyeriss: A Spatial Architecture for Energy-Efficient Dataflow for
// Convolutional Neural Networks", ISCA 2016, sections VI and VII, Table IV, eq. (2) to (4); of the closed forms: the
// first author's published cost models, restated in docs/isca2016.md. Energies are in units of one 16-bit MAC.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fields.hpp"
#include "workloads/nest.hpp"

namespace eyrie::isca2016 {

/// Energy of one 16-bit access over that of a MAC. Source: ISCA 2016, Table IV.
struct Prices {
  std::int64_t mac = 1;
  std::int64_t rf = 1;     ///< 0.5 kB register file
  std::int64_t array = 2;  ///< PE to PE, 1 to 2 mm
  std::int64_t glb = 6;    ///< global buffer above 100 kB
  std::int64_t dram = 200;
};
inline constexpr Prices kPrices{};

/// How often a value is used at each level of the hierarchy: a from DRAM, and of each of these b from the GLB, and of
/// each of these c in the array, and of each of these d from the RF. All at least 1.
struct Reuse {
  std::int64_t a = 1, b = 1, c = 1, d = 1;
};
/// MAC-energy units that moving one ifmap or filter value takes. Source: ISCA 2016, eq. (3).
std::int64_t input_data_energy(const Reuse&);
/// MAC-energy units that accumulating one ofmap value takes. Source: ISCA 2016, eq. (4).
std::int64_t psum_energy(const Reuse&);

/// The dataflows that the paper compares. SOC, MOC: psums of a single, of multiple ofmap channels in the array at once;
/// SOP, MOP: of a single, of multiple positions of the ofmap plane. Source: ISCA 2016, III-B and Table III.
enum class Dataflow : std::uint8_t {
  RowStationary,
  WeightStationary,
  OutputStationaryA,  ///< SOC-MOP
  OutputStationaryB,  ///< MOC-MOP
  OutputStationaryC,  ///< MOC-SOP
  NoLocalReuse
};

/// What a mapping may use.
struct Machine {
  std::int64_t pes = 256;
  std::int64_t glb_words = 65535;  ///< 16-bit words of the global buffer
  std::int64_t rf_words = 256;     ///< 16-bit words of a PE's register file
};
/// The paper's machine of a dataflow: the storage area of `pes` register files of 512 B and a GLB of `pes` x 512 B,
/// shared out as the dataflow likes it. GLB bytes are known at 256 PEs and grow with their number, because every term
/// of the rule does. Source: ISCA 2016, VI-B, eq. (2), Fig. 7b (seen in the text); bytes: the authors' cost models.
Machine baseline(Dataflow, std::int64_t pes = 256);

/// Parameters of a mapping; a dataflow has some of them, the others stay 1.
struct Parameters {
  std::int64_t n = 1;  ///< images in a pass
  std::int64_t m = 1;  ///< filters whose words or psums rest in the GLB together
  std::int64_t e = 1;  ///< ofmap rows of a tile
  std::int64_t f = 1;  ///< ofmap columns of a tile; of row stationary, the width of a PE set
  std::int64_t p = 1;  ///< filters: interleaved in a PE (row stationary), in parallel (the others)
  std::int64_t q = 1;  ///< channels: interleaved in a PE (row stationary), in parallel (the others)
  std::int64_t r = 1;  ///< channels in parallel
  std::int64_t t = 1;  ///< filters in parallel
  auto operator<=>(const Parameters&) const = default;
};

/// Energy of a layer over its batch and groups, in MAC-energy units, as the paper's Figure 10 splits it.
struct Energy {
  double alu = 0, dram = 0, glb = 0, array = 0, rf = 0;
  [[nodiscard]] double total() const { return alu + dram + glb + array + rf; }
};
Energy operator+(const Energy&, const Energy&);

/// What a mapping costs.
struct Cost {
  Energy energy;           ///< as plotted
  double objective = 0;    ///< what the optimiser minimises: the total with the psums' part of `array` counted twice
  double dram_reads = 0;   ///< words
  double dram_writes = 0;  ///< words
  std::int64_t active_pes = 0;
  Macs macs{};
  [[nodiscard]] double dram_accesses_per_op() const {  ///< an op of the paper's Figure 11 is a MAC
    return (dram_reads + dram_writes) / static_cast<double>(macs.count());
  }
};

/// Does the mapping stay inside the machine and the layer, with parameters that the dataflow doesn't have at 1? The
/// limits are those of docs/isca2016.md.
bool fits(Dataflow, const LayerNest&, const Machine&, const Parameters&);
/// The closed forms of docs/isca2016.md for any parameters from 1 to the layer's extents, legal or not. Padding counts
/// as words. Exact integers inside: MACs x ofmap rows x columns must stay below 2^53.
Cost cost(Dataflow, const LayerNest&, const Parameters&);

/// The best mapping of a layer and what was done to find it.
struct Optimum {
  Parameters parameters;
  Cost cost;
  std::int64_t visited = 0;  ///< legal mappings that were priced
  std::int64_t cut = 0;      ///< subtrees left out because their lower bound is no better than what was found
};
/// A legal mapping with the least objective; of equals one with the most active PEs; of these the first in the
/// dataflow's order of parameters, large values first. Exact, see isca2016.cpp. Nothing when no mapping is legal.
std::optional<Optimum> optimise(Dataflow, const LayerNest&, const Machine&);
/// How many legal mappings there are.
std::int64_t mapspace_size(Dataflow, const LayerNest&, const Machine&);

}  // namespace eyrie::isca2016

template <>
struct eyrie::names<eyrie::isca2016::Dataflow> {
  using enum isca2016::Dataflow;
  static constexpr Name<isca2016::Dataflow> table[] = {
      {"row_stationary", RowStationary, "RS"},
      {"weight_stationary", WeightStationary, "WS"},
      {"output_stationary_a", OutputStationaryA, "OSA, SOC-MOP: positions of one ofmap channel in parallel"},
      {"output_stationary_b", OutputStationaryB, "OSB, MOC-MOP: positions of several ofmap channels in parallel"},
      {"output_stationary_c", OutputStationaryC, "OSC, MOC-SOP: one position of several ofmap channels in parallel"},
      {"no_local_reuse", NoLocalReuse, "NLR"}};
};
