#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/fields.hpp"
#include "workloads/activation.hpp"
#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

enum class LayerType : std::uint8_t {
  Conv,
  FullyConnected,
  LocallyConnected,
  MaxPool,
  AveragePool,
  ReduceMean,
  Add,
  Multiply,
  Concat,
  ChannelShuffle,
  Reshape,
  BatchNorm,
  Lstm,
  Gru,
  Relu,
  Relu6,
  Sigmoid,
  Tanh,
  Lrn,
  Softmax
};
/// Where a layer runs. A layer on the host is computed by its plain reference and costs nothing that is modelled. A
/// folded one has nothing to do at run time.
enum class PlaceOf : std::uint8_t { Machine, Host, Folded };
/// Why a layer is on the host that its file places there.
inline constexpr const char* kPlacedByWorkload = "placed there by the workload";
enum class MeanAxis : std::uint8_t { Rows, Columns, Both, Steps };
enum class ConcatAxis : std::uint8_t { Channels, Rows, Columns };
enum class Returns : std::uint8_t { Sequence, Last };
enum class Reset : std::uint8_t { Before, After };

template <>
struct names<LayerType> {
  static constexpr Name<LayerType> table[] = {
      {"conv", LayerType::Conv, "2-D convolution: stride, padding, dilation, groups"},
      {"fully_connected", LayerType::FullyConnected, "every output reads the whole input volume; a GEMM of n rows"},
      {"locally_connected", LayerType::LocallyConnected, "a convolution in which every output position has filters"},
      {"max_pool", LayerType::MaxPool, "largest value under a window; padding never wins"},
      {"average_pool", LayerType::AveragePool, "mean of the window's elements inside the input"},
      {"reduce_mean", LayerType::ReduceMean, "mean over whole rows, columns, both, or time steps"},
      {"add", LayerType::Add, "element by element sum of two or more equal shapes"},
      {"multiply", LayerType::Multiply, "element by element product of two equal shapes"},
      {"concat", LayerType::Concat, "inputs one behind the other"},
      {"channel_shuffle", LayerType::ChannelShuffle, "channels as (groups, c / groups), transposed"},
      {"reshape", LayerType::Reshape, "other coordinates for the same words in the same order"},
      {"batch_norm", LayerType::BatchNorm, "part of the filters and biases of the layer before it"},
      {"lstm", LayerType::Lstm, "long short-term memory over the time steps of its input"},
      {"gru", LayerType::Gru, "gated recurrent unit over the time steps of its input"},
      {"relu", LayerType::Relu, "max(0, x)"},
      {"relu6", LayerType::Relu6, "min(max(0, x), 6.0)"},
      {"sigmoid", LayerType::Sigmoid, "from a table of 16 segments"},
      {"tanh", LayerType::Tanh, "from a table of 16 segments"},
      {"lrn", LayerType::Lrn, "local response normalisation across channels"},
      {"softmax", LayerType::Softmax, "over channels; outputs are fractions of the output word's maximum"}};
};
template <>
struct names<PlaceOf> {
  static constexpr Name<PlaceOf> table[] = {{"machine", PlaceOf::Machine, "the accelerator"},
                                            {"host", PlaceOf::Host, "outside; its cost is not modelled"},
                                            {"folded", PlaceOf::Folded, "nothing to do at run time"}};
};
template <>
struct names<MeanAxis> {
  static constexpr Name<MeanAxis> table[] = {{"rows", MeanAxis::Rows},
                                             {"columns", MeanAxis::Columns},
                                             {"both", MeanAxis::Both, "rows and columns"},
                                             {"steps", MeanAxis::Steps, "time steps of a sequence"}};
};
template <>
struct names<ConcatAxis> {
  static constexpr Name<ConcatAxis> table[] = {
      {"channels", ConcatAxis::Channels}, {"rows", ConcatAxis::Rows}, {"columns", ConcatAxis::Columns}};
};
template <>
struct names<Returns> {
  static constexpr Name<Returns> table[] = {{"sequence", Returns::Sequence, "the output of every step"},
                                            {"last", Returns::Last, "the output of the last step"}};
};
template <>
struct names<Reset> {
  static constexpr Name<Reset> table[] = {{"before", Reset::Before, "the reset gate scales the state"},
                                          {"after", Reset::After, "the reset gate scales the state's product"}};
};

/// The part of a producer that a layer reads: `n` images (or time steps) from `first_n`, `c` channels from `first_c`;
/// 0: all. Only layers that cells are made of have views that are not whole.
struct InputView {
  std::int64_t first_n = 0, n = 0, first_c = 0, c = 0;
  [[nodiscard]] Shape of(Shape whole) const { return {n ? n : whole.n, c ? c : whole.c, whole.h, whole.w}; }
  constexpr bool operator==(const InputView&) const = default;
};

/// The scale of a layer whose shifts must not follow the data, because other time steps share its filters: root mean
/// squares of its input and output as they are taken to be, in units of 1.0 (activation.hpp).
struct AssumedScale {
  std::optional<double> input, output;
};

/// What a reshape makes of its input; absent: the batch as it is.
struct NewShape {
  std::int64_t channels = 1, rows = 1, columns = 1;
};

/// One layer as its file states it, plus the shapes that the network infers (`input`, `output`).
struct Layer {
  std::string name;
  LayerType type = LayerType::Conv;
  std::vector<std::string> inputs;
  // conv, fully_connected, locally_connected
  std::int64_t out_channels = 1;  ///< all groups together
  std::int64_t groups = 1;        ///< channel_shuffle too
  bool bias = true;
  Activation activation = Activation::None;
  // conv, locally_connected, pools
  RowsColumns kernel{0, 0};  ///< 0 until stated or inferred
  RowsColumns stride, dilation;
  Padding padding;
  bool ceil_mode = false;  ///< pools: round the output size up and drop a last window that would start in the padding
  bool global = false;     ///< pools: the window is the whole ifmap
  MeanAxis mean_axis = MeanAxis::Both;
  ConcatAxis concat_axis = ConcatAxis::Channels;
  NewShape shape;
  std::optional<std::int64_t> batch;  ///< reshape
  // lstm, gru
  std::int64_t units = 1;                  ///< size of the state
  std::optional<std::int64_t> projection;  ///< lstm: size of what goes out and comes back
  bool peephole = false;                   ///< lstm: gates see the cell state, a weight per unit
  Returns returns = Returns::Last;
  Reset reset = Reset::Before;
  // lrn: x / (k + alpha/size * sum of squares over `size` channels)^beta
  std::int64_t lrn_size = 5;
  double lrn_alpha = 0.0001, lrn_beta = 0.75, lrn_k = 1.0;
  // arithmetic; absent ones are calibrated on the operands
  std::optional<std::int64_t> product_shift, output_shift;
  /// Share of zeros (0 to 1) wanted in this layer's ifmap, padding not counted.
  std::optional<double> input_zeros;
  PlaceOf place = PlaceOf::Machine;
  std::string place_reason;  ///< why it isn't on the machine

  // what the workload's `compression` asks of its filters (compression/compression.hpp)
  double weight_zeros = 0;         ///< share of them, the least, that is zero
  std::int64_t codebook_bits = 0;  ///< they share 2^bits values; 0: they don't

  // what a layer that a cell was lowered to carries besides
  std::vector<InputView> views;      ///< as many as inputs, or none: all whole
  std::string part_of;               ///< the cell's name
  std::optional<std::int64_t> step;  ///< of the cell, from 0
  std::string shared_weights;        ///< the name under which its filters are drawn; empty: its own
  AssumedScale assumed;

  Shape input, output;  ///< inferred; n is the batch or the time steps. Of several inputs: of one, concat: of all
  Place where;          ///< in its file

  std::vector<Shape> sources;  ///< what each input is, after its view

  /// The layer as a loop nest over the operands that `gather.hpp` makes; docs/layers.md has the table. None for lrn,
  /// softmax and what is folded.
  [[nodiscard]] std::optional<LayerNest> nest() const;
  /// Filters that are drawn from the seed: conv, fully_connected, locally_connected.
  [[nodiscard]] bool has_filters() const;
  /// What a finished word goes through; of its own for relu, relu6, sigmoid and tanh layers.
  [[nodiscard]] Activation word_activation() const;
  /// Does every finished word need the table of segments?
  [[nodiscard]] bool uses_table() const { return eyrie::uses_table(word_activation()); }
  /// Does it read more than one tensor?
  [[nodiscard]] bool many_inputs() const;
  [[nodiscard]] Macs macs() const;  ///< of filters; 0 for all others
  [[nodiscard]] Shape weight_shape() const;
  [[nodiscard]] Words weight_words() const;  ///< filters without biases
  [[nodiscard]] Words bias_words() const;    ///< one a filter
  /// As the file states it: of what a cell is made of, the cell's name.
  [[nodiscard]] const std::string& stated_name() const { return part_of.empty() ? name : part_of; }
  [[nodiscard]] const std::string& weights_name() const { return shared_weights.empty() ? name : shared_weights; }
};

}  // namespace eyrie
