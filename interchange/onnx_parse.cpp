// Protobuf to plain values. With onnx_write.cpp the only user of ONNX's generated headers.

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>

#include "interchange/onnx_graph.hpp"

namespace eyrie {

namespace {

namespace fs = std::filesystem;
constexpr double kMostWhole = 9007199254740992.0;  // 2^53

double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31)
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  return exponent == 0 ? sign * std::ldexp(fraction, -24) : sign * std::ldexp(1024 + fraction, exponent - 25);
}

double brain(std::uint16_t bits) {
  const std::uint32_t wide = std::uint32_t{bits} << 16;
  float value = 0;
  std::memcpy(&value, &wide, sizeof value);
  return static_cast<double>(value);
}

double cut(std::int64_t v) { return std::clamp(static_cast<double>(v), -kMostWhole, kMostWhole); }

/// Bytes of an element in raw data; 0: a type that is not read.
std::size_t size_of(std::int32_t type) {
  switch (static_cast<OnnxType>(type)) {
    case OnnxType::Uint8:
    case OnnxType::Int8:
    case OnnxType::Bool:
      return 1;
    case OnnxType::Uint16:
    case OnnxType::Int16:
    case OnnxType::Float16:
    case OnnxType::Bfloat16:
      return 2;
    case OnnxType::Float:
    case OnnxType::Int32:
    case OnnxType::Uint32:
      return 4;
    case OnnxType::Int64:
    case OnnxType::Double:
      return 8;
  }
  return 0;
}

template <class T>
T loaded(const char* at) {  // files are little endian, and so are the machines that this is built for
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

double raw_number(OnnxType type, const char* at) {
  switch (type) {
    case OnnxType::Float:
      return static_cast<double>(loaded<float>(at));
    case OnnxType::Uint8:
    case OnnxType::Bool:
      return loaded<std::uint8_t>(at);
    case OnnxType::Int8:
      return loaded<std::int8_t>(at);
    case OnnxType::Uint16:
      return loaded<std::uint16_t>(at);
    case OnnxType::Int16:
      return loaded<std::int16_t>(at);
    case OnnxType::Int32:
      return loaded<std::int32_t>(at);
    case OnnxType::Int64:
      return cut(loaded<std::int64_t>(at));
    case OnnxType::Float16:
      return half(loaded<std::uint16_t>(at));
    case OnnxType::Double:
      return loaded<double>(at);
    case OnnxType::Uint32:
      return loaded<std::uint32_t>(at);
    case OnnxType::Bfloat16:
      return brain(loaded<std::uint16_t>(at));
  }
  return 0;
}

class Parser {
 public:
  Parser(std::string file, std::optional<std::string> folder) : file_{std::move(file)}, folder_{std::move(folder)} {}

  OnnxGraph run(std::span<const std::byte> bytes) {
    onnx::ModelProto model;
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
      throw InputError(place(), "the file is larger than 2 GiB", "keep its weights in a file of their own");
    if (bytes.empty() || !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !model.has_graph())
      throw InputError(place(), "this is no whole ONNX file", "export the network again");
    graph_.file = file_;
    graph_.name = model.graph().name();
    opsets(model);
    tensors(model.graph());
    values(model.graph());
    for (const auto& n : model.graph().node()) node(n);
    wrong_.raise_if_any();
    return std::move(graph_);
  }

 private:
  [[nodiscard]] Place place() const { return {file_, 0, 0}; }
  void error(std::string problem, std::string remedy) { wrong_.error(place(), std::move(problem), std::move(remedy)); }

  void opsets(const onnx::ModelProto& model) {
    for (const auto& o : model.opset_import())
      if (o.domain().empty() || o.domain() == "ai.onnx") graph_.opset = o.version();
    if (graph_.opset < 6 || graph_.opset > 21)
      error(fmt::format("the file has opset {}", graph_.opset), "opsets 6 to 21 are read: convert it");
  }

  void tensors(const onnx::GraphProto& graph) {
    for (const auto& t : graph.initializer()) {
      if (t.name().empty()) {
        error("an initialiser has no name", "export the network again");
      } else if (graph_.constants.contains(t.name())) {
        error(fmt::format("two initialisers are called {}", t.name()), "names of tensors are their own");
      } else if (auto made = tensor(t, t.name())) {
        graph_.constants[t.name()] = std::move(*made);
      }
    }
    if (graph.sparse_initializer_size() > 0)
      error("the file has sparse initialisers", "write weights as dense tensors");
  }

  std::optional<OnnxTensor> tensor(const onnx::TensorProto& t, const std::string& name) {
    const auto refuse = [&](const std::string& problem, const std::string& remedy) {
      error(fmt::format("tensor {} {}", name, problem), remedy);
      return std::nullopt;
    };
    const std::vector<std::int64_t> dims{t.dims().begin(), t.dims().end()};
    const auto count = elements_of(dims);
    if (!count) return refuse(fmt::format("has the shape {}", to_text(dims)), "at most 2^31 numbers are read");
    const auto size = size_of(t.data_type());
    if (size == 0)
      return refuse(fmt::format("has elements of type {}", t.data_type()),
                    "real and whole numbers of 8 to 64 bits are read");
    const auto type = static_cast<OnnxType>(t.data_type());
    if (t.data_location() == onnx::TensorProto::EXTERNAL) return external(t, name, type, dims, *count, size);
    if (t.has_raw_data()) return raw(t.raw_data(), name, type, dims, *count, size);
    std::vector<double> numbers;
    const bool in_words =
        type != OnnxType::Float && type != OnnxType::Double && type != OnnxType::Int64 && type != OnnxType::Uint32;
    if (type == OnnxType::Float) numbers.assign(t.float_data().begin(), t.float_data().end());
    if (type == OnnxType::Double) numbers.assign(t.double_data().begin(), t.double_data().end());
    if (type == OnnxType::Uint32) numbers.assign(t.uint64_data().begin(), t.uint64_data().end());
    if (type == OnnxType::Int64)
      for (const auto v : t.int64_data()) numbers.push_back(cut(v));
    if (in_words)
      for (const auto v : t.int32_data())
        numbers.push_back(type == OnnxType::Float16    ? half(static_cast<std::uint16_t>(v))
                          : type == OnnxType::Bfloat16 ? brain(static_cast<std::uint16_t>(v))
                                                       : static_cast<double>(v));
    if (std::ssize(numbers) != *count)
      return refuse(fmt::format("holds {} numbers", numbers.size()), fmt::format("{} are {}", to_text(dims), *count));
    if (!in_range(type, numbers)) return refuse("holds numbers beyond its type", "export the network again");
    return make_tensor(type, dims, std::move(numbers));
  }

  static bool in_range(OnnxType type, const std::vector<double>& numbers) {
    const auto all = [&](double least, double most) {
      return std::ranges::all_of(numbers, [&](double v) { return v >= least && v <= most; });
    };
    if (type == OnnxType::Uint8) return all(0, 255);
    if (type == OnnxType::Int8) return all(-128, 127);
    if (type == OnnxType::Bool) return all(0, 1);
    if (type == OnnxType::Uint16) return all(0, 65535);
    if (type == OnnxType::Int16) return all(-32768, 32767);
    return true;
  }

  std::optional<OnnxTensor> raw(const std::string& data, const std::string& name, OnnxType type,
                                const std::vector<std::int64_t>& dims, std::int64_t count, std::size_t size) {
    if (data.size() != static_cast<std::size_t>(count) * size) {
      error(fmt::format("tensor {} holds {} bytes", name, data.size()),
            fmt::format("{} numbers take {}", to_text(dims), static_cast<std::size_t>(count) * size));
      return std::nullopt;
    }
    std::vector<double> numbers(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = raw_number(type, data.data() + i * size);
    return make_tensor(type, dims, std::move(numbers));
  }

  /// Numbers in a file beside the model's; its name may not lead out of the model's folder.
  std::optional<OnnxTensor> external(const onnx::TensorProto& t, const std::string& name, OnnxType type,
                                     const std::vector<std::int64_t>& dims, std::int64_t count, std::size_t size) {
    std::string location;
    std::uint64_t offset = 0, length = static_cast<std::uint64_t>(count) * size;
    const auto refuse = [&](const std::string& problem, const std::string& remedy) {
      error(fmt::format("tensor {} is in the file `{}`, {}", name, location, problem), remedy);
      return std::nullopt;
    };
    for (const auto& entry : t.external_data()) {
      if (entry.key() == "location") location = entry.value();
      if (entry.key() != "offset" && entry.key() != "length") continue;
      const auto number = whole_number(entry.value());
      if (!number) return refuse(fmt::format("at the {} `{}`", entry.key(), entry.value()), "give a whole number");
      (entry.key() == "offset" ? offset : length) = *number;
    }
    const fs::path relative{location};
    if (location.empty() || relative.is_absolute() ||
        std::ranges::any_of(relative, [](const fs::path& part) { return part == ".."; }))
      return refuse("which is not in the model's folder", "weights lie beside the model");
    if (!folder_) return refuse("which cannot be looked for", "read the model by its path");
    if (length != static_cast<std::uint64_t>(count) * size)
      return refuse(fmt::format("{} bytes of it", length),
                    fmt::format("{} numbers take {}", to_text(dims), static_cast<std::size_t>(count) * size));
    const fs::path path = fs::path{*folder_} / relative;
    std::error_code failed;
    const auto inside = fs::weakly_canonical(path, failed).lexically_relative(fs::weakly_canonical(*folder_, failed));
    if (failed || inside.empty() || *inside.begin() == "..")
      return refuse("which is not in the model's folder", "weights lie beside the model");
    const auto bytes = fs::file_size(path, failed);
    if (failed || !fs::is_regular_file(path)) return refuse("which cannot be read", "put it beside the model");
    if (offset > bytes || length > bytes - offset)
      return refuse(fmt::format("which has {} bytes", bytes), fmt::format("{} from {} are wanted", length, offset));
    std::string data(length, '\0');
    std::ifstream in{path, std::ios::binary};
    in.seekg(static_cast<std::streamoff>(offset));
    if (!in.read(data.data(), static_cast<std::streamsize>(length)))
      return refuse("which cannot be read", "look at its rights");
    return raw(data, name, type, dims, count, size);
  }

  static std::optional<std::uint64_t> whole_number(const std::string& text) {
    if (text.empty() || text.size() > 18 || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
      return std::nullopt;
    return std::stoull(text);
  }

  void values(const onnx::GraphProto& graph) {
    std::set<std::string> met;
    for (const auto& v : graph.input()) {
      if (!met.insert(v.name()).second) error(fmt::format("two inputs are called {}", v.name()), "names are their own");
      if (!graph_.constants.contains(v.name())) graph_.inputs.push_back(value(v));
    }
    for (const auto& v : graph.output()) graph_.outputs.push_back(value(v));
    if (graph_.outputs.empty()) error("the graph has no output", "export the network again");
  }

  static OnnxValueInfo value(const onnx::ValueInfoProto& v) {
    OnnxValueInfo info{.name = v.name()};
    if (!v.type().has_tensor_type()) return info;
    const auto& tensor = v.type().tensor_type();
    info.type = static_cast<OnnxType>(tensor.elem_type());
    if (!tensor.has_shape()) return info;
    info.dims.emplace();
    for (const auto& d : tensor.shape().dim())
      info.dims->push_back(d.has_dim_value() ? OnnxDim{d.dim_value(), {}} : OnnxDim{std::nullopt, d.dim_param()});
    return info;
  }

  void node(const onnx::NodeProto& n) {
    OnnxNode made{.name = n.name(), .op = n.op_type(), .domain = n.domain() == "ai.onnx" ? "" : n.domain()};
    made.inputs.assign(n.input().begin(), n.input().end());
    made.outputs.assign(n.output().begin(), n.output().end());
    while (!made.outputs.empty() && made.outputs.back().empty()) made.outputs.pop_back();
    for (const auto& out : made.outputs)
      if (made.name.empty()) made.name = out;
    for (const auto& a : n.attribute()) attribute(a, made);
    graph_.nodes.push_back(std::move(made));
  }

  void attribute(const onnx::AttributeProto& a, OnnxNode& n) {
    OnnxAttribute made{.number = static_cast<double>(a.f()), .whole = a.i(), .text = a.s()};
    made.numbers.assign(a.floats().begin(), a.floats().end());
    made.wholes.assign(a.ints().begin(), a.ints().end());
    made.texts.assign(a.strings().begin(), a.strings().end());
    if (a.has_t()) made.tensor = tensor(a.t(), fmt::format("{} of node {}", a.name(), n.name));
    n.attributes[a.name()] = std::move(made);
  }

  std::string file_;
  std::optional<std::string> folder_;
  OnnxGraph graph_;
  Diagnostics wrong_;
};

}  // namespace

OnnxGraph parse_onnx(std::span<const std::byte> bytes, const std::string& file,
                     const std::optional<std::string>& folder) {
  return Parser{file, folder}.run(bytes);
}

}  // namespace eyrie
