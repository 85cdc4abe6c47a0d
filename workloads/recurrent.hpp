#pragma once

#include "workloads/network.hpp"

namespace eyrie {

/// Is it a recurrent layer as the file states it, not yet made of steps?
bool is_cell(const Layer&);

/// `file` with every cell made of ordinary layers, so that each step's products, gates and states run and are counted;
/// `inferred` are its layers with their shapes. docs/layers.md has the equations. The layers of cell `a` are called a/x
/// (all gates, all steps, from the input), a/t00/h and so on; the last is `a` itself, folded, whose inputs are the
/// steps' outputs. States before the first step are new inputs of zeros.
NetworkFile with_cells_as_layers(const NetworkFile& file, std::span<const Layer> inferred);

}  // namespace eyrie
