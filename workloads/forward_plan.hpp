#pragma once

// What a forward pass has to compute for some layers of a network, and how long it has to keep it.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "workloads/network.hpp"

namespace eyrie {

/// Where a layer's zeros are wanted: the layers, first to last, between it and the first consumer with filters that
/// states a share.
struct ZeroPath {
  double wanted;
  std::vector<std::size_t> through;
};

/// Layers are numbered as in `network.layers()`. The network must outlive it.
class ForwardPlan {
 public:
  /// For these layers; all of the network's if there is no list.
  explicit ForwardPlan(const Network&, const std::optional<std::vector<std::size_t>>& wanted = std::nullopt);

  /// The number of the layer that makes an input; none: the network's own.
  [[nodiscard]] std::optional<std::size_t> producer(const std::string& input) const;
  /// Is it wanted, an ancestor of one that is, or looked at to bring such a layer's zeros about?
  [[nodiscard]] bool runs(std::size_t layer) const { return runs_[layer]; }
  /// Outputs that no one reads once this layer has run.
  [[nodiscard]] const std::vector<std::size_t>& spent_after(std::size_t layer) const { return spent_after_[layer]; }
  [[nodiscard]] const std::optional<ZeroPath>& zero_path(std::size_t layer) const { return zero_paths_[layer]; }

  /// Bytes that a forward pass holds at its peak, at most: outputs, one layer's operands, psums and what computing
  /// them takes on `jobs` threads.
  [[nodiscard]] Bytes memory(unsigned jobs) const;

 private:
  [[nodiscard]] bool looks_through(std::size_t consumer, std::size_t producer, std::size_t now) const;
  [[nodiscard]] std::optional<ZeroPath> path_from(std::size_t layer, std::size_t now) const;
  [[nodiscard]] std::vector<std::size_t> read_by(std::size_t layer) const;
  [[nodiscard]] Bytes working_memory(std::size_t layer, unsigned jobs) const;

  const Network& network_;
  std::map<std::string, std::size_t> number_;
  std::vector<bool> runs_;
  std::vector<std::vector<std::size_t>> spent_after_;
  std::vector<std::optional<ZeroPath>> zero_paths_;  ///< of layers that run
};

}  // namespace eyrie
