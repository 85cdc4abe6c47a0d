#pragma once

// SCALE-Sim's topologies: CSV files with a layer a line, convolutions or matrix products.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/fields.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// The two kinds of topology files.
enum class ScaleSimForm : std::uint8_t { Convolution, Gemm };

/// A line of a topology. A matrix product (M x K times K x N) is a 1 x 1 convolution of M rows and a column.
struct ScaleSimLayer {
  std::string name;   ///< unique in the file, else numbered
  RowsColumns input;  ///< IFMAP, padding being part of it
  RowsColumns kernel, stride;
  std::int64_t channels = 1;  ///< of the input
  std::int64_t filters = 1;   ///< outputs of each group
  std::int64_t groups = 1;    ///< as many as channels where the name says DP (depthwise)
  Place where;

  /// Outputs as SCALE-Sim counts them: ceil((input - kernel) / stride) + 1, the last windows hanging over.
  [[nodiscard]] RowsColumns output() const;
};

struct ScaleSimTopology {
  std::string name;  ///< of the file, without folder and ending
  std::vector<ScaleSimLayer> layers;
  std::vector<std::string> notes;  ///< layers that were renamed or taken together
};

/// Reads the text of a topology; `name` is the file's, for places and for the topology's name. The first line that
/// isn't blank is the header. All that is wrong is one InputError, at cells.
ScaleSimTopology read_scalesim_topology(std::string_view text, const std::string& name, ScaleSimForm);

}  // namespace eyrie
