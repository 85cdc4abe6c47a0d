#pragma once

// A run as jobs for processes: a layer each, or a share of a long one.

#include <cstddef>
#include <vector>

#include "app/experiment.hpp"

namespace eyrie {

struct LayerJob {
  std::size_t layer = 0;  ///< of `PreparedExperiment::layers`
  std::int64_t part = 0, of = 1;
  double cost = 0;
};

/// Jobs in the order of the layers. A layer that alone would keep one of so many processes busy for longer than the
/// others is shared out, where its output tiles (images of a batch, channels, rows) allow it.
std::vector<LayerJob> layer_jobs(const PreparedExperiment&, unsigned processes);

/// Simulates a layer, or a share of it, and compares what it computed with the reference; a whole layer's counts with
/// the closed form, too. SystemC allows one simulation after the other in a process, so callers fork.
LayerOutcome simulate_layer(const PreparedExperiment&, const PlannedLayer&, const ForwardPass&, const LayerJob& = {},
                            const Recording* = nullptr);

/// A layer from the outcomes of its jobs, in order.
LayerOutcome joined(const PreparedExperiment&, const std::vector<LayerOutcome>&, const PlannedLayer&,
                    const ForwardPass&);

}  // namespace eyrie
