#pragma once

// Small ONNX files, made in tests.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "interchange/onnx_import.hpp"

namespace eyrie::test {

class OnnxBuilder {
 public:
  using Dims = std::vector<std::int64_t>;
  using Attribute =
      std::variant<std::int64_t, double, std::string, Dims, std::vector<double>, std::vector<std::string>>;
  using Attributes = std::vector<std::pair<std::string, Attribute>>;

  explicit OnnxBuilder(std::int64_t opset = 13, std::int64_t ir = 7);
  ~OnnxBuilder();
  OnnxBuilder(const OnnxBuilder&) = delete;
  OnnxBuilder& operator=(const OnnxBuilder&) = delete;

  /// An input; a dimension of -1 is the symbol `N`. Types are ONNX's numbers: 1 is float.
  OnnxBuilder& input(const std::string& name, const Dims&, int type = 1);
  OnnxBuilder& output(const std::string& name, const Dims& = {}, int type = 1);
  OnnxBuilder& floats(const std::string& name, const Dims&, const std::vector<float>&);
  OnnxBuilder& wholes(const std::string& name, const Dims&, const std::vector<std::int64_t>&);
  OnnxBuilder& bytes(const std::string& name, const Dims&, const std::vector<int>&, bool is_signed);
  OnnxBuilder& raw(const std::string& name, const Dims&, int type, const std::string& data);
  OnnxBuilder& external(const std::string& name, const Dims&, const std::string& file, const std::string& offset);
  /// A node is called after its first output.
  OnnxBuilder& node(const std::string& op, const std::vector<std::string>& inputs,
                    const std::vector<std::string>& outputs, const Attributes& = {}, const std::string& domain = "");

  [[nodiscard]] std::string file() const;
  [[nodiscard]] OnnxImport imported() const;

 private:
  struct Proto;
  std::unique_ptr<Proto> proto_;
};

/// Shapes that ONNX's own inference finds for the tensors of a file; those with unknown dimensions are left out.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> inferred_shapes(const std::string& path);

}  // namespace eyrie::test
