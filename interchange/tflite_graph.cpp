#include "interchange/tflite_graph.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

namespace {

/// BuiltinOperator up to HARD_SWISH, as the schema has them, from 0.
constexpr std::string_view kOperators[] = {"ADD",
                                           "AVERAGE_POOL_2D",
                                           "CONCATENATION",
                                           "CONV_2D",
                                           "DEPTHWISE_CONV_2D",
                                           "DEPTH_TO_SPACE",
                                           "DEQUANTIZE",
                                           "EMBEDDING_LOOKUP",
                                           "FLOOR",
                                           "FULLY_CONNECTED",
                                           "HASHTABLE_LOOKUP",
                                           "L2_NORMALIZATION",
                                           "L2_POOL_2D",
                                           "LOCAL_RESPONSE_NORMALIZATION",
                                           "LOGISTIC",
                                           "LSH_PROJECTION",
                                           "LSTM",
                                           "MAX_POOL_2D",
                                           "MUL",
                                           "RELU",
                                           "RELU_N1_TO_1",
                                           "RELU6",
                                           "RESHAPE",
                                           "RESIZE_BILINEAR",
                                           "RNN",
                                           "SOFTMAX",
                                           "SPACE_TO_DEPTH",
                                           "SVDF",
                                           "TANH",
                                           "CONCAT_EMBEDDINGS",
                                           "SKIP_GRAM",
                                           "CALL",
                                           "CUSTOM",
                                           "EMBEDDING_LOOKUP_SPARSE",
                                           "PAD",
                                           "UNIDIRECTIONAL_SEQUENCE_RNN",
                                           "GATHER",
                                           "BATCH_TO_SPACE_ND",
                                           "SPACE_TO_BATCH_ND",
                                           "TRANSPOSE",
                                           "MEAN",
                                           "SUB",
                                           "DIV",
                                           "SQUEEZE",
                                           "UNIDIRECTIONAL_SEQUENCE_LSTM",
                                           "STRIDED_SLICE",
                                           "BIDIRECTIONAL_SEQUENCE_RNN",
                                           "EXP",
                                           "TOPK_V2",
                                           "SPLIT",
                                           "LOG_SOFTMAX",
                                           "DELEGATE",
                                           "BIDIRECTIONAL_SEQUENCE_LSTM",
                                           "CAST",
                                           "PRELU",
                                           "MAXIMUM",
                                           "ARG_MAX",
                                           "MINIMUM",
                                           "LESS",
                                           "NEG",
                                           "PADV2",
                                           "GREATER",
                                           "GREATER_EQUAL",
                                           "LESS_EQUAL",
                                           "SELECT",
                                           "SLICE",
                                           "SIN",
                                           "TRANSPOSE_CONV",
                                           "SPARSE_TO_DENSE",
                                           "TILE",
                                           "EXPAND_DIMS",
                                           "EQUAL",
                                           "NOT_EQUAL",
                                           "LOG",
                                           "SUM",
                                           "SQRT",
                                           "RSQRT",
                                           "SHAPE",
                                           "POW",
                                           "ARG_MIN",
                                           "FAKE_QUANT",
                                           "REDUCE_PROD",
                                           "REDUCE_MAX",
                                           "PACK",
                                           "LOGICAL_OR",
                                           "ONE_HOT",
                                           "LOGICAL_AND",
                                           "LOGICAL_NOT",
                                           "UNPACK",
                                           "REDUCE_MIN",
                                           "FLOOR_DIV",
                                           "REDUCE_ANY",
                                           "SQUARE",
                                           "ZEROS_LIKE",
                                           "FILL",
                                           "FLOOR_MOD",
                                           "RANGE",
                                           "RESIZE_NEAREST_NEIGHBOR",
                                           "LEAKY_RELU",
                                           "SQUARED_DIFFERENCE",
                                           "MIRROR_PAD",
                                           "ABS",
                                           "SPLIT_V",
                                           "UNIQUE",
                                           "CEIL",
                                           "REVERSE_V2",
                                           "ADD_N",
                                           "GATHER_ND",
                                           "COS",
                                           "WHERE",
                                           "RANK",
                                           "ELU",
                                           "REVERSE_SEQUENCE",
                                           "MATRIX_DIAG",
                                           "QUANTIZE",
                                           "MATRIX_SET_DIAG",
                                           "ROUND",
                                           "HARD_SWISH"};

constexpr std::size_t kLongestName = 60, kMostExtents = 6, kMostListed = 256;

/// Letters that are safe in a message; the first of a long text.
std::string printable(std::string_view text) {
  std::string all{text.substr(0, kLongestName)};
  for (auto& c : all)
    if (c < 33 || c > 126) c = '_';
  return all;
}

/// Bytes of an element; 0: of a type that no layer reads.
std::uint64_t bytes_of(TfliteType type) {
  switch (type) {
    case TfliteType::Int8:
    case TfliteType::Uint8:
      return 1;
    case TfliteType::Int16:
      return 2;
    case TfliteType::Float32:
    case TfliteType::Int32:
      return 4;
    case TfliteType::Int64:
      return 8;
    default:
      return 0;
  }
}

class Reader {
 public:
  explicit Reader(const FlatBytes& bytes) : bytes_{bytes}, root_{FlatTable::root(bytes, "TFL3")} {}

  TfliteGraph read() {
    if (const auto version = root_.number<std::uint32_t>(0, 0); version != 3)
      refuse(fmt::format("the file is of version {} of its schema", version), "export it for version 3");
    const auto graphs = root_.tables(2);
    if (graphs.size() != 1)
      refuse(fmt::format("the file has {} sub-graphs", graphs.size()),
             "export a network without control flow: one graph");
    graph_.description = printable(root_.text(3));
    buffers_ = root_.tables(4);
    const auto graph = graphs[0];
    const auto tensors = graph.tables(0);
    count(tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) tensor(tensors[i]);
    graph_.inputs = tensor_numbers(graph.numbers<std::int32_t>(1), false);
    graph_.outputs = tensor_numbers(graph.numbers<std::int32_t>(2), false);
    codes();
    const auto operators = graph.tables(3);
    count(operators.size());
    for (std::size_t i = 0; i < operators.size(); ++i) add(operators[i], i);
    return std::move(graph_);
  }

 private:
  [[noreturn]] void refuse(std::string problem, std::string remedy) const {
    throw InputError(bytes_.where(), std::move(problem), std::move(remedy));
  }

  /// What is listed takes room in the file, unless lists share it.
  void count(std::uint64_t numbers) {
    listed_ += numbers;
    if (listed_ > bytes_.size()) bytes_.broken("its lists name more than it has room for");
  }

  void tensor(const FlatTable& from) {
    TfliteTensor t;
    t.name = printable(from.text(3));
    t.type = static_cast<TfliteType>(from.number<std::int8_t>(1, 0));
    t.variable = from.number<std::uint8_t>(5, 0) != 0;
    const auto extents = from.numbers<std::int32_t>(0);
    if (extents.size() > kMostExtents) bytes_.broken("a tensor has more than six extents");
    count(extents.size());
    for (std::size_t i = 0; i < extents.size(); ++i) t.shape.push_back(extents[i]);
    std::int64_t all = 1;
    for (const auto extent : t.shape) {
      if (extent < 0) bytes_.broken("a tensor has a negative extent");
      all *= extent;
      if (all > (std::int64_t{1} << 31))
        refuse(fmt::format("the tensor {} has more than 2^31 elements", t.name), "make the network smaller");
    }
    if (const auto codes = from.table(4)) {
      t.scales = codes->numbers<float>(2);
      t.zero_points = codes->numbers<std::int64_t>(3);
      t.channel_dimension = codes->number<std::int32_t>(6, 0);
    }
    if (from.table(6)) refuse(fmt::format("the tensor {} is stored as a sparse one", t.name), "store it densely");
    data(from, t);
    graph_.tensors.push_back(std::move(t));
  }

  void data(const FlatTable& from, TfliteTensor& t) {
    const auto buffer = from.number<std::uint32_t>(2, 0);
    if (buffer == 0) return;
    if (buffer >= buffers_.size()) bytes_.broken("a tensor's buffer is missing");
    const auto stored = buffers_[buffer];
    if (stored.number<std::uint64_t>(1, 0) > 1)
      refuse(fmt::format("the numbers of {} lie behind the model's tables", t.name), "export a model below 2 GB");
    t.data = stored.numbers<std::byte>(0).bytes();
    const auto each = bytes_of(t.type);
    if (!t.data.empty() && each != 0 && t.data.size() != static_cast<std::uint64_t>(t.elements()) * each)
      refuse(fmt::format("the tensor {} has {} bytes and {} elements of {}", t.name, t.data.size(), t.elements(),
                         name_of(t.type)),
             "get the file again, or export it again");
  }

  void codes() {
    const auto all = root_.tables(1);
    count(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      // Files of before 2020 have their code in a byte; later ones repeat it there, or 127 if it is larger.
      const auto code = std::max<std::int32_t>(all[i].number<std::int8_t>(0, 0), all[i].number<std::int32_t>(3, 0));
      codes_.push_back(code);
      names_.push_back(tflite_operator_name(code, printable(all[i].text(1))));
    }
  }

  std::vector<int> tensor_numbers(FlatNumbers<std::int32_t> numbers, bool optional) {
    if (numbers.size() > kMostListed) bytes_.broken("an operator reads or makes more than 256 tensors");
    count(numbers.size());
    std::vector<int> all;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] >= static_cast<std::int64_t>(graph_.tensors.size()) || numbers[i] < (optional ? -1 : 0))
        bytes_.broken("a tensor is called by a number that there isn't");
      all.push_back(numbers[i]);
    }
    return all;
  }

  void add(const FlatTable& from, std::size_t number) {
    const auto code = from.number<std::uint32_t>(0, 0);
    if (code >= codes_.size()) bytes_.broken("an operator's code is missing");
    graph_.operators.push_back({.code = codes_[code],
                                .name = names_[code],
                                .number = number,
                                .inputs = tensor_numbers(from.numbers<std::int32_t>(1), true),
                                .outputs = tensor_numbers(from.numbers<std::int32_t>(2), false),
                                .intermediates = tensor_numbers(from.numbers<std::int32_t>(8), true),
                                .options = from.table(4)});
  }

  const FlatBytes& bytes_;
  FlatTable root_;
  FlatTables buffers_;
  TfliteGraph graph_;
  std::vector<std::int32_t> codes_;
  std::vector<std::string> names_;
  std::uint64_t listed_ = 0;
};

}  // namespace

std::int64_t TfliteTensor::elements() const {
  std::int64_t all = 1;
  for (const auto extent : shape) all *= extent;
  return all;
}

std::string tflite_operator_name(std::int32_t code, std::string_view custom) {
  if (code == 32) return fmt::format("CUSTOM {}", custom);
  if (code >= 0 && code < static_cast<std::int32_t>(std::size(kOperators))) return std::string(kOperators[code]);
  return fmt::format("operator {}", code);
}

TfliteGraph read_tflite_graph(const FlatBytes& bytes) { return Reader{bytes}.read(); }

}  // namespace eyrie
