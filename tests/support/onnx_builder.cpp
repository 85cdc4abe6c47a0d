#include "tests/support/onnx_builder.hpp"

#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <fstream>
#include <span>

namespace eyrie::test {

struct OnnxBuilder::Proto {
  onnx::ModelProto model;
  onnx::TensorProto& tensor(const std::string& name, const Dims& dims, int type) {
    auto& t = *model.mutable_graph()->add_initializer();
    t.set_name(name);
    t.set_data_type(type);
    for (const auto d : dims) t.add_dims(d);
    return t;
  }
};

namespace {

void describe(onnx::ValueInfoProto& v, const std::string& name, const std::vector<std::int64_t>& dims, int type) {
  v.set_name(name);
  auto& t = *v.mutable_type()->mutable_tensor_type();
  t.set_elem_type(type);
  for (const auto d : dims)
    if (auto& dim = *t.mutable_shape()->add_dim(); d < 0)
      dim.set_dim_param("N");
    else
      dim.set_dim_value(d);
}

struct AttributeSetter {
  onnx::AttributeProto& a;
  void operator()(std::int64_t v) const {
    a.set_i(v);
    a.set_type(onnx::AttributeProto::INT);
  }
  void operator()(double v) const {
    a.set_f(static_cast<float>(v));
    a.set_type(onnx::AttributeProto::FLOAT);
  }
  void operator()(const std::string& v) const {
    a.set_s(v);
    a.set_type(onnx::AttributeProto::STRING);
  }
  void operator()(const std::vector<std::int64_t>& all) const {
    for (const auto v : all) a.add_ints(v);
    a.set_type(onnx::AttributeProto::INTS);
  }
  void operator()(const std::vector<double>& all) const {
    for (const auto v : all) a.add_floats(static_cast<float>(v));
    a.set_type(onnx::AttributeProto::FLOATS);
  }
  void operator()(const std::vector<std::string>& all) const {
    for (const auto& v : all) a.add_strings(v);
    a.set_type(onnx::AttributeProto::STRINGS);
  }
};

}  // namespace

OnnxBuilder::OnnxBuilder(std::int64_t opset, std::int64_t ir) : proto_{std::make_unique<Proto>()} {
  proto_->model.set_ir_version(ir);
  proto_->model.add_opset_import()->set_version(opset);
  proto_->model.mutable_graph()->set_name("net");
}
OnnxBuilder::~OnnxBuilder() = default;

OnnxBuilder& OnnxBuilder::input(const std::string& name, const Dims& dims, int type) {
  describe(*proto_->model.mutable_graph()->add_input(), name, dims, type);
  return *this;
}
OnnxBuilder& OnnxBuilder::output(const std::string& name, const Dims& dims, int type) {
  auto& v = *proto_->model.mutable_graph()->add_output();
  v.set_name(name);
  if (!dims.empty()) describe(v, name, dims, type);
  return *this;
}
OnnxBuilder& OnnxBuilder::floats(const std::string& name, const Dims& dims, const std::vector<float>& values) {
  auto& t = proto_->tensor(name, dims, onnx::TensorProto::FLOAT);
  for (const float v : values) t.add_float_data(v);
  return *this;
}
OnnxBuilder& OnnxBuilder::wholes(const std::string& name, const Dims& dims, const std::vector<std::int64_t>& values) {
  auto& t = proto_->tensor(name, dims, onnx::TensorProto::INT64);
  for (const auto v : values) t.add_int64_data(v);
  return *this;
}
OnnxBuilder& OnnxBuilder::bytes(const std::string& name, const Dims& dims, const std::vector<int>& values,
                                bool is_signed) {
  auto& t = proto_->tensor(name, dims, is_signed ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8);
  for (const int v : values) t.add_int32_data(v);
  return *this;
}
OnnxBuilder& OnnxBuilder::raw(const std::string& name, const Dims& dims, int type, const std::string& data) {
  proto_->tensor(name, dims, type).set_raw_data(data);
  return *this;
}
OnnxBuilder& OnnxBuilder::external(const std::string& name, const Dims& dims, const std::string& file,
                                   const std::string& offset) {
  auto& t = proto_->tensor(name, dims, onnx::TensorProto::FLOAT);
  t.set_data_location(onnx::TensorProto::EXTERNAL);
  const auto add = [&](const std::string& key, const std::string& value) {
    auto& entry = *t.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  };
  add("location", file);
  add("offset", offset);
  return *this;
}
OnnxBuilder& OnnxBuilder::node(const std::string& op, const std::vector<std::string>& inputs,
                               const std::vector<std::string>& outputs, const Attributes& attributes,
                               const std::string& domain) {
  auto& n = *proto_->model.mutable_graph()->add_node();
  n.set_op_type(op);
  n.set_domain(domain);
  for (const auto& in : inputs) n.add_input(in);
  for (const auto& out : outputs) n.add_output(out);
  for (const auto& [key, value] : attributes) {
    auto& a = *n.add_attribute();
    a.set_name(key);
    std::visit(AttributeSetter{a}, value);
  }
  return *this;
}

std::string OnnxBuilder::file() const { return proto_->model.SerializeAsString(); }

OnnxImport OnnxBuilder::imported() const {
  const auto text = file();
  return import_onnx(std::as_bytes(std::span{text}), "net.onnx");
}

std::vector<std::pair<std::string, std::vector<std::int64_t>>> inferred_shapes(const std::string& path) {
  onnx::ModelProto model;
  std::ifstream in{path, std::ios::binary};
  model.ParseFromIstream(&in);
  onnx::shape_inference::InferShapes(model);
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> all;
  const auto take = [&](const onnx::ValueInfoProto& v) {
    std::vector<std::int64_t> dims;
    for (const auto& d : v.type().tensor_type().shape().dim()) dims.push_back(d.has_dim_value() ? d.dim_value() : -1);
    for (const auto d : dims)
      if (d < 0) return;
    if (v.type().tensor_type().has_shape()) all.emplace_back(v.name(), dims);
  };
  for (const auto& v : model.graph().value_info()) take(v);
  for (const auto& v : model.graph().output()) take(v);
  return all;
}

}  // namespace eyrie::test
