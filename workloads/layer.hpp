#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/fields.hpp"
#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

enum class LayerType : std::uint8_t { Conv, FullyConnected, MaxPool, AveragePool, Relu, Lrn, Softmax };
enum class Activation : std::uint8_t { None, Relu };
/// Where a layer runs. A layer on the host is computed by its plain reference and costs nothing that is modelled.
enum class PlaceOf : std::uint8_t { Machine, Host };

template <>
struct names<LayerType> {
  static constexpr Name<LayerType> table[] = {
      {"conv", LayerType::Conv, "2-D convolution: stride, padding, dilation, groups"},
      {"fully_connected", LayerType::FullyConnected, "every output reads the whole input volume"},
      {"max_pool", LayerType::MaxPool, "largest value under a window; padding never wins"},
      {"average_pool", LayerType::AveragePool, "mean of the window's elements inside the input"},
      {"relu", LayerType::Relu, "max(0, x)"},
      {"lrn", LayerType::Lrn, "local response normalisation across channels"},
      {"softmax", LayerType::Softmax, "over channels; outputs are fractions of the output word's maximum"}};
};
template <>
struct names<Activation> {
  static constexpr Name<Activation> table[] = {{"none", Activation::None}, {"relu", Activation::Relu}};
};
template <>
struct names<PlaceOf> {
  static constexpr Name<PlaceOf> table[] = {{"machine", PlaceOf::Machine, "the accelerator"},
                                            {"host", PlaceOf::Host, "outside; its cost is not modelled"}};
};

/// One layer as its file states it, plus the shapes that the network infers (`input`, `output`).
struct Layer {
  std::string name;
  LayerType type = LayerType::Conv;
  std::vector<std::string> inputs;
  // conv, fully_connected
  std::int64_t out_channels = 1;  ///< all groups together
  std::int64_t groups = 1;
  bool bias = true;
  Activation activation = Activation::None;
  // conv, pools
  RowsColumns kernel, stride, dilation;
  Padding padding;
  bool ceil_mode = false;  ///< pools: round the output size up and drop a last window that would start in the padding
  // lrn: x / (k + alpha/size * sum of squares over `size` channels)^beta
  std::int64_t lrn_size = 5;
  double lrn_alpha = 0.0001, lrn_beta = 0.75, lrn_k = 1.0;
  // arithmetic; absent ones are calibrated on the operands
  std::optional<std::int64_t> product_shift, output_shift;
  /// Share of zeros (0 to 1) wanted in this layer's ifmap, padding not counted.
  std::optional<double> input_zeros;
  PlaceOf place = PlaceOf::Machine;

  Shape input, output;  ///< inferred; n is the batch
  Place where;          ///< in its file

  /// conv, fully_connected and pools as a loop nest; a pool's channels are groups. Other types have none.
  [[nodiscard]] std::optional<LayerNest> nest() const;
  [[nodiscard]] Macs macs() const;           ///< 0 for all but conv and fully_connected
  [[nodiscard]] Words weight_words() const;  ///< filters without biases
  [[nodiscard]] Words bias_words() const;
};

}  // namespace eyrie
