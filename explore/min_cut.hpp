#pragma once

// Which layers to compute on the device and which beyond the link, so that the sum of their costs and of the tensors
// that cross is least: a minimum cut. Costs are whole numbers, so that the answer is exact.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fields.hpp"

namespace eyrie {

enum class Side : std::uint8_t { Device, Cloud };
template <>
struct names<Side> {
  static constexpr Name<Side> table[] = {{"device", Side::Device}, {"cloud", Side::Cloud}};
};

/// A network as its costs. Graphs may branch and join; work may go to and fro as often as it pays.
struct CutProblem {
  struct Layer {
    std::int64_t device = 0, cloud = 0;  ///< what it costs where
  };
  /// A tensor crosses at most once, however many layers read it on the other side.
  struct Tensor {
    std::optional<std::size_t> producer;  ///< a layer; none: it begins on the device
    std::vector<std::size_t> readers;
    bool result = false;            ///< it has to end on the device, too
    std::int64_t up = 0, down = 0;  ///< what crossing costs
  };
  std::vector<Layer> layers;
  std::vector<Tensor> tensors;
};

/// Does a tensor cross, and which way? It begins on one side only, so never both.
enum class Crossing : std::uint8_t { None, Up, Down };
Crossing crossing(const CutProblem::Tensor&, std::span<const Side>);
/// The sum over layers and crossing tensors.
std::int64_t cost_of(const CutProblem&, std::span<const Side>);

struct GraphCut {
  std::vector<Side> sides;  ///< of each layer
  std::int64_t cost = 0;
  bool operator==(const GraphCut&) const = default;
};

/// The cut of least cost; among several the one that leaves most layers on the device, which is unique and so doesn't
/// depend on the order of layers or tensors. Costs must not be negative and sum to less than 2^61.
GraphCut min_cut(const CutProblem&);

}  // namespace eyrie
