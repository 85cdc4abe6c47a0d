#pragma once

// From the tables of a TensorFlow Lite file to a Model. Inside of tflite.hpp.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "interchange/tflite_graph.hpp"
#include "workloads/model.hpp"

namespace eyrie {

/// Time steps of an input, and of all cells together: each becomes layers of its own.
inline constexpr std::int64_t kMostTfliteSteps = 4096;

/// What a tensor of activations is for us. Files have rows, columns, channels (NHWC); we have channels, rows, columns.
struct TfliteForm {
  std::int64_t steps = 1;  ///< of a sequence: in the batch's place
  std::int64_t rows = 1, columns = 1, channels = 1;
  bool sequence = false;
  /// A flat tensor whose elements were channels x rows x columns: they stand in that order here, and as rows x columns
  /// x channels in the file. 1 x 1 where both orders are the same.
  std::int64_t was_rows = 1, was_columns = 1;

  [[nodiscard]] std::int64_t positions() const { return rows * columns; }
  [[nodiscard]] bool permuted() const { return was_rows * was_columns > 1; }
  [[nodiscard]] Shape shape() const { return {steps, channels, rows, columns}; }
  bool operator==(const TfliteForm&) const = default;
};

/// A computed or given tensor.
struct TfliteValue {
  std::string maker;  ///< layer or network input; empty: of an operator that isn't understood
  TfliteForm form;
  Padding pad;  ///< zeros around it that a PAD has put there
};

class TfliteImporter {
 public:
  /// `graph` and the bytes that it looks at must outlive it; `name` is the network's. Copies of parameters together
  /// have at most `most_parameters` numbers: operators of a broken file may all read the same bytes.
  TfliteImporter(const TfliteGraph& graph, Place where, std::string name, std::int64_t most_parameters);
  Model import();

 private:
  using Operator = TfliteOperator;

  // tflite_import.cpp
  void inputs();
  void add(const Operator&);
  bool folds(const Operator&);
  void check_shapes();
  void assume_pixels();
  void quantize(const Operator&);
  void dequantize(const Operator&);
  void wrong(const Operator&, const std::string& problem, std::string remedy);
  [[nodiscard]] const TfliteTensor& tensor(int number) const {
    return graph_.tensors[static_cast<std::size_t>(number)];
  }
  /// The tensor of input i; null: not given.
  [[nodiscard]] const TfliteTensor* given(const Operator&, std::size_t i) const;
  /// What layers see of input i; null, with an error, if it is nothing that a layer reads.
  const TfliteValue* value(const Operator&, std::size_t i, bool may_be_padded = false);
  [[nodiscard]] static std::string layer_name(const Operator&);
  Layer& layer(const Operator&, LayerType, std::vector<std::string> inputs, const std::string& suffix = {});
  /// The operator's output is made by `maker`.
  void made(const Operator&, const std::string& maker, std::optional<TfliteForm> like = {});
  /// As the file's shape is seen; none, with an error, if it is nothing that layers have.
  std::optional<TfliteForm> form(const Operator&, const TfliteTensor&);
  [[nodiscard]] std::optional<TfliteForm> form_of_shape(const std::vector<std::int64_t>& shape) const;
  /// Checked; none in a float model, or with an error.
  std::optional<TensorCode> code(const Operator&, const TfliteTensor&);
  bool same_codes(const Operator&, std::size_t input);
  std::optional<std::vector<std::int64_t>> whole_numbers(const Operator&, std::size_t input);
  bool activation(const Operator&, std::int8_t fused, Layer&);

  // tflite_layers.cpp
  void conv(const Operator&);
  void depthwise(const Operator&);
  void fully_connected(const Operator&);
  void pool(const Operator&);
  void mean(const Operator&);
  void element_by_element(const Operator&);
  void concatenation(const Operator&);
  void softmax(const Operator&);
  void function(const Operator&);
  void pad(const Operator&);
  bool padded_is_usable(const Operator&, const Layer&, const TfliteForm&);
  bool window(const Operator&, Layer&, const TfliteValue&, std::int8_t padding);

  // tflite_shapes.cpp
  void reshape(const Operator&);
  void last_step(const Operator&);

  // tflite_lstm.cpp
  void lstm(const Operator&);
  bool lstm_is_plain(const Operator&);
  void lstm_codes(const Operator&, const std::string& name);

  // tflite_parameters.cpp
  /// Strides in a file's tensor of (out, in, row, column).
  struct Strides {
    std::int64_t out, in, row, column;
  };
  bool add_filters(const Operator&, const std::string& name, std::size_t input, const Shape&, const Strides&,
                   std::int64_t channel_dimension);
  bool add_bias(const Operator&, const std::string& name, std::size_t input, std::int64_t out);
  bool scales(const Operator&, const TfliteTensor&, std::int64_t out, std::int64_t channel_dimension,
              std::vector<float>& to);
  bool within_budget(const Operator&, std::int64_t numbers);

  const TfliteGraph& graph_;
  Place where_;
  Model model_;
  Diagnostics wrong_;
  std::vector<std::optional<TfliteValue>> values_;  ///< by tensor
  std::vector<bool> folded_;                        ///< by tensor: part of what computes a shape
  std::vector<int> readers_;                        ///< by tensor
  std::vector<std::pair<std::string, Shape>> expected_;
  bool quantised_ = false, recurrent_ = false;
  std::int64_t budget_;
};

}  // namespace eyrie
