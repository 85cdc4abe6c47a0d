#pragma once

// Goes through the nodes of an ONNX graph and makes layers of them. Every tensor that isn't a constant lies in a
// layer's output in ONNX's own order of elements, so that reshapes cost nothing until a layer needs other coordinates.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "interchange/onnx_fold.hpp"
#include "interchange/onnx_graph.hpp"
#include "interchange/onnx_import.hpp"
#include "workloads/shapes.hpp"

namespace eyrie {

class OnnxTranslator {
 public:
  OnnxTranslator(OnnxGraph graph, const OnnxLimits& limits);
  OnnxImport run();

 private:
  using Dims = std::vector<std::int64_t>;

  /// A tensor that a layer makes.
  struct Value {
    std::string source;  ///< the layer or network input whose words it has
    Dims dims;           ///< as ONNX sees it
    Shape held;          ///< as the layer sees it: the same elements in the same order
    bool raw = false;    ///< integers, not yet made real again
    Padding pad;         ///< zeros around it that no layer has taken up yet
    bool sole = true;    ///< nothing else reads the layer's output
  };
  /// A quantised constant: integers behind the real numbers of `constants`.
  struct CodedConstant {
    OnnxTensor raw, scale;
    std::optional<OnnxTensor> zero;
    std::int64_t axis = 1;
  };
  /// Filters of a layer as the operator has them, (out, ...) or, for a matrix, (in, out).
  struct FilterNumbers {
    OnnxTensor numbers;  ///< real or raw
    std::optional<CodedConstant> coded;
    bool in_by_out = false;
  };
  using Maker = void (OnnxTranslator::*)(const OnnxNode&);
  static const std::map<std::string, Maker>& makers();
  static const std::map<std::string, Maker>& microsoft_makers();

  // onnx_translator.cpp: the walk, names, tensors
  void inputs();
  std::set<std::string> needed_nodes();
  void node(const OnnxNode&);
  bool fold(const OnnxNode&);
  void finish();
  void check_outputs();
  void check_codes();
  void state_clamps();
  [[nodiscard]] static std::string what(const OnnxNode&, std::int64_t opset);
  void error(const OnnxNode&, const std::string& problem, const std::string& remedy);
  std::string unique(const std::string& wanted);
  [[nodiscard]] std::string layer_name(const OnnxNode&);
  [[nodiscard]] Place place() const { return {graph_.file, 0, 0}; }
  [[nodiscard]] const OnnxTensor* constant(const std::string& name) const;
  const OnnxTensor& constant_input(const OnnxNode&, std::size_t n, const char* what) const;
  Value value(const OnnxNode&, std::size_t n);
  Value unpadded(const OnnxNode&, std::size_t n);
  void output(const OnnxNode&, Value, std::size_t n = 0);
  void alias(const OnnxNode&, Dims dims);
  static Shape shape_of(const Dims& dims);
  std::string as(const Value&, Shape wanted);
  Value nchw(const OnnxNode&, std::size_t n);
  Value add(Layer, std::vector<Shape> sources, Dims dims = {});
  [[nodiscard]] Layer* mergeable(const Value&);
  Layer& stated(const std::string& name) { return model_.network.layers[number_.at(name)]; }
  void copy(std::int64_t numbers);
  void set_code(const std::string& source, const TensorCode&);
  [[nodiscard]] bool has_code(const std::string& source) const { return model_.codes.contains(source); }

  // onnx_layers.cpp: windows, sums, shapes
  void conv(const OnnxNode&);
  void pool(const OnnxNode&);
  void global_pool(const OnnxNode&);
  void reduce_mean(const OnnxNode&);
  void activation(const OnnxNode&);
  void clip(const OnnxNode&);
  void apply_activation(const OnnxNode&, Activation);
  void concat(const OnnxNode&);
  void identity(const OnnxNode&);
  void dropout(const OnnxNode&);
  void cast(const OnnxNode&);
  void flatten(const OnnxNode&);
  void reshape(const OnnxNode&);
  void squeeze(const OnnxNode&);
  void unsqueeze(const OnnxNode&);
  void transpose(const OnnxNode&);
  void pad(const OnnxNode&);
  void lrn(const OnnxNode&);
  void softmax(const OnnxNode&);
  void window(const OnnxNode&, Layer&, const Value&, RowsColumns kernel);
  void join(const OnnxNode&, const std::vector<Value>&);

  // onnx_filters.cpp: what has weights
  void gemm(const OnnxNode&);
  void matmul(const OnnxNode&);
  void batch_norm(const OnnxNode&);
  void sum(const OnnxNode&);
  void product(const OnnxNode&);
  void difference(const OnnxNode&);
  void quotient(const OnnxNode&);
  Value matrix_product(const OnnxNode&, const Value&, FilterNumbers, const std::optional<std::string>& bias,
                       double alpha, double beta);
  Value filters(Layer, const Value&, Shape source, const FilterNumbers&, Dims dims);
  void real_filters(const Layer&, const FilterNumbers&, double alpha);
  void coded_filters(const Layer&, const CodedConstant&, bool in_by_out);
  void add_bias(const std::string& layer, const OnnxTensor&, double beta);
  FilterNumbers filter_numbers(const OnnxNode&, std::size_t n);
  void affine(const OnnxNode&, const Value&, const std::vector<double>& scale, const std::vector<double>& offset);
  void with_constant(const OnnxNode&, double sign_of_value, bool product);
  void both(const OnnxNode&, LayerType);
  std::optional<std::vector<double>> per_channel(const Value&, const OnnxTensor&) const;

  // onnx_quantised.cpp: codes
  void quantize(const OnnxNode&);
  void dequantize(const OnnxNode&);
  void qlinear_conv(const OnnxNode&);
  void qlinear_matmul(const OnnxNode&);
  void qgemm(const OnnxNode&);
  void qlinear_add(const OnnxNode&);
  void qlinear_sigmoid(const OnnxNode&);
  void qlinear_average_pool(const OnnxNode&);
  void qlinear_concat(const OnnxNode&);
  void dynamic(const OnnxNode&);
  TensorCode code(const OnnxNode&, std::size_t scale, std::size_t zero) const;
  Value coded(Value, const TensorCode&);
  Value coded_input(const OnnxNode&, std::size_t n, std::size_t scale, std::size_t zero);
  CodedConstant coded_constant(const OnnxNode&, std::size_t n, std::size_t scale, std::size_t zero,
                               std::int64_t axis) const;
  void coded_output(const OnnxNode&, Value, std::size_t scale, std::size_t zero);

  // onnx_recurrent.cpp
  void lstm(const OnnxNode&);
  void gru(const OnnxNode&);
  void check_cell(const OnnxNode&, std::int64_t steps);
  void cell(const OnnxNode&, LayerType, const std::vector<std::int64_t>& order);
  void cell_parameters(const OnnxNode&, const Layer&, const std::vector<std::int64_t>& order);
  void gate_parameters(const std::string& name, const OnnxTensor&, const std::vector<std::int64_t>& gates,
                       std::int64_t units);
  void take_step(const OnnxNode&);

  OnnxGraph graph_;
  OnnxLimits limits_;
  Model model_;
  Diagnostics wrong_;
  std::int64_t batch_ = 1, made_ = 0, most_made_ = 0, copied_ = 0, most_copied_ = 0, steps_ = 0;
  std::map<std::string, int> reads_;
  std::map<std::string, Value> values_;
  std::map<std::string, CodedConstant> coded_;
  std::map<std::string, std::size_t> number_;  ///< of layers
  std::map<std::string, std::string> keeps_;   ///< what layers that leave words as they are read
  std::map<std::string, TensorCode> code_in_;  ///< of what layers with filters read
  std::set<std::string> names_, lost_, made_somewhere_;
};

}  // namespace eyrie
