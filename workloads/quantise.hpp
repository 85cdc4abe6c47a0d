#pragma once

// Quantisation of a network after its training: from real numbers to words of few bits. docs/quantisation.md has the
// equations.

#include <vector>

#include "workloads/model.hpp"
#include "workloads/precision_plan.hpp"

namespace eyrie {

/// Inputs that the network is computed with, in real numbers, to see how large its activations get. Each entry is a
/// batch of the network's.
struct CalibrationInputs {
  std::vector<RealInputs> batches;
  unsigned jobs = 1;  ///< threads; results are the same for any number
};

/// `real` (Float arithmetic) as a model of integers (Onnx arithmetic), at the bits of a plan. Words are symmetric:
/// their zero point is 0. `network` is built from the file of `real`.
///
///   weights      round(w / s), s per output channel or per layer (locally connected: per layer); of one bit the sign,
///                s the mean magnitude
///   activations  round(x / s), s per tensor; the steps of a cell share theirs, and so do sums of words of more than 8
///                bits and what is joined along rows or columns
///   biases       32 bits, in units of input scale x weight scale x 2^product_shift
///
/// Where a psum could exceed 32 bits the layer (of a cell: all its products) gets the least `product_shift` with which
/// it cannot; what that cuts off on average is in the biases. InputError for what the plan, the model, the inputs or
/// the calibration has wrong.
Model quantised(const Network& network, const Model& real, const CalibrationInputs&, const PrecisionPlan&);

/// The reverse: parameters times their scales, as a Float model. Activations are not rounded when it is computed.
Model dequantised(const Network& network, const Model& quantised);

}  // namespace eyrie
