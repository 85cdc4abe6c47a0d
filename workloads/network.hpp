#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "workloads/compression/compression.hpp"
#include "workloads/layer.hpp"
#include "workloads/tensor_code.hpp"

namespace eyrie {

/// A network input as the file states it; the batch is the experiment's. Time steps take the batch's place.
struct NetworkInput {
  std::string name;
  std::int64_t channels = 1, rows = 1, columns = 1, steps = 1;
  bool zeros = false;  ///< a state before its first step, made where a cell is made of layers
  Place where;

  /// Of its tensor for `batch` images, or sequences.
  [[nodiscard]] Shape shape(std::int64_t batch) const { return {batch * steps, channels, rows, columns}; }
};

/// What a workload file of a trained network says of its parameters.
struct StatedModel {
  std::string parameters;  ///< an .npz file, from the folder of the workload file
  ModelArithmetic arithmetic = ModelArithmetic::Float;
  std::string calibration;  ///< samples to find ranges with when it is quantised: a path from that folder, or a name
  Place where;
};
/// The code of a tensor: of what a layer makes, or of a network input.
struct StatedCode {
  std::string tensor;
  TensorCode code;
  Place where;
};
/// What pixels of a network input stand for.
struct StatedPixels {
  std::string input;
  Pixels pixels;
  Place where;
};

/// What a workload file holds, before shapes are inferred. The last four are there in files of trained networks
/// (interchange/model_file.hpp) and no part of the network itself.
struct NetworkFile {
  std::string kind = "workload", name, title, source, provenance;
  std::vector<NetworkInput> inputs;
  std::vector<Layer> layers;
  std::optional<StatedModel> model;
  std::vector<StatedCode> codes;
  std::vector<StatedPixels> pixels;
  std::vector<std::string> labels;
  std::optional<Compression> compression;
  Place where;
};
void describe(Fields&, RowsColumns&);
void describe(Fields&, NewShape&);
void describe(Fields&, NetworkInput&);
void describe(Fields&, Layer&);
void describe(Fields&, StatedModel&);
void describe(Fields&, StatedCode&);
void describe(Fields&, StatedPixels&);
void describe(Fields&, NetworkFile&);

/// A DNN: a directed acyclic graph of layers with inferred shapes. Always valid once built.
class Network {
 public:
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Layer>;

  /// Checks names (unique, known), that there is no cycle (named by its path), that shapes fit; infers all shapes for
  /// `batch`; makes recurrent layers of ordinary ones, a set for every time step; shrinks layers as `compression` has
  /// it. All that is wrong is one InputError.
  static Network build(NetworkFile file, std::int64_t batch);
  static Network from_yaml(const YamlDocument& document, std::int64_t batch);

  [[nodiscard]] const std::string& name() const { return file_.name; }
  [[nodiscard]] const std::string& title() const { return file_.title; }
  [[nodiscard]] const std::string& source() const { return file_.source; }
  [[nodiscard]] const std::string& provenance() const { return file_.provenance; }
  [[nodiscard]] const std::vector<NetworkInput>& inputs() const { return file_.inputs; }
  [[nodiscard]] std::int64_t batch() const { return batch_; }
  /// Layers that the file states; a recurrent one counts once.
  [[nodiscard]] std::size_t stated_layers() const;
  /// Layers in an order in which producers come first; ties keep the order of the file.
  [[nodiscard]] std::span<const Layer> layers() const { return ordered_; }
  /// The layer called `name`; InputError with a did-you-mean at `asked` if there is none.
  [[nodiscard]] const Layer& layer(std::string_view name, const Place& asked = {}) const;
  [[nodiscard]] const Graph& graph() const { return graph_; }
  [[nodiscard]] Macs macs() const;
  [[nodiscard]] Words weight_words() const;  ///< filters that several layers share count once
  /// Weights and biases: what is stored of a trained network once batch norm is folded into its layers.
  [[nodiscard]] Words parameter_words() const;

  /// Leaves the n-th layer to the host, whatever its file says.
  void to_host(std::size_t layer, std::string reason);

 private:
  NetworkFile file_;
  std::int64_t batch_ = 1;
  Graph graph_;
  std::vector<Layer> ordered_;
};

}  // namespace eyrie
