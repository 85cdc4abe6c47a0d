#pragma once

// How near a quantised network is to the real one: signal to noise per layer.

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "workloads/bind.hpp"
#include "workloads/float_pass.hpp"
#include "workloads/forward.hpp"

namespace eyrie {

/// What quantisation made of one tensor. Sums are over its elements, and over all images if `plus` joined them.
struct Fidelity {
  double signal = 0;         ///< sum of f^2, f the real numbers
  double noise = 0;          ///< sum of (f - d)^2, d what the words stand for
  double largest_error = 0;  ///< of |f - d|

  /// Signal to quantisation noise in dB: 10 log10(signal / noise). Infinite where the two are equal; none where the
  /// signal is zero.
  [[nodiscard]] std::optional<double> sqnr_db() const;
  /// Of both tensors together.
  [[nodiscard]] Fidelity plus(const Fidelity&) const;
};

/// Of tensors of one shape.
Fidelity fidelity(const RealTensor& real, const RealTensor& decoded);

struct LayerFidelity {
  std::string layer;
  Fidelity value;
  bool is_output = false;  ///< no other layer reads it
};

/// Of every layer of a network, in its order: `words` computed with `data` against `real`, both of all layers and of
/// the same inputs.
std::vector<LayerFidelity> fidelity(const Network&, const FloatPass& real, const ForwardPass& words,
                                    const NetworkData& data);

}  // namespace eyrie
