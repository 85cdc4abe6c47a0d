#pragma once

#include "base/diagnostics.hpp"
#include "workloads/layer.hpp"

namespace eyrie {

/// Infers what follows from `layer.sources` (at least one): `input`, `output`, and the kernel where the file leaves it
/// open. What does not fit goes to `wrong`; the layer then has some shape, so that others can be checked.
void infer_shapes(Layer& layer, Diagnostics& wrong);

/// "1 x 4 x 9 x 7"
std::string to_text(const Shape&);

}  // namespace eyrie
