#pragma once

#include <string>

#include "base/yaml.hpp"
#include "dataflows/mapping.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Which way P and R lie in a Timeloop file. Timeloop's own CNN shape pairs P and R with Wstride and Wdilation: they
/// are columns. Eyrie's P and R are rows, so they are exchanged with Q and S on the way in and out. Source: the problem
/// shapes of the Accelergy-Project/timeloop-accelergy-exercises repository, `cnn_layer`.
enum class TimeloopAxes { PIsColumns, PIsRows };

/// Timeloop's letter for an Eyrie dimension, and back. The mapping is its own inverse.
constexpr Dim timeloop_dim(Dim d, TimeloopAxes axes) {
  if (axes == TimeloopAxes::PIsRows) return d;
  switch (d) {
    case Dim::P:
      return Dim::Q;
    case Dim::Q:
      return Dim::P;
    case Dim::R:
      return Dim::S;
    case Dim::S:
      return Dim::R;
    default:
      return d;
  }
}

/// A problem as its file states it.
struct TimeloopProblem {
  std::string name;  ///< of the shape, for messages and file names
  LayerNest nest;    ///< no padding: Timeloop's input includes it, so rows and columns of the input are exact
  TimeloopAxes axes = TimeloopAxes::PIsColumns;  ///< a mapping of this problem is read with the same
};

/// Reads a Timeloop v4 problem: a convolution over C M R S N P Q, and G if it has groups, with strides and dilations as
/// coefficients. Extents in elements; M and C are per group.
/// InputError: another version, keys or dimensions that are not known, projections that are no convolution's, extents
/// below 1, densities. Source of the format: Timeloop documentation, "Problem", and the exercises repository.
TimeloopProblem read_timeloop_problem(const YamlDocument&);

/// The layer as a Timeloop v4 problem, Timeloop's way round. Padding becomes part of the input, as Timeloop has it.
/// InputError at `name`: a pooling layer, which has no weights.
std::string timeloop_problem_text(const LayerNest&, const std::string& name);

/// The problem as an Eyrie workload of one layer without bias; reading it with the batch N gives the same nest.
std::string timeloop_workload_text(const TimeloopProblem&);

}  // namespace eyrie
