#include "tests/support/support.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/simulate.hpp"
#include "workloads/reference.hpp"

namespace eyrie::test {

namespace fs = std::filesystem;

std::string source(const std::string& path) { return std::string(EYRIE_SOURCE_DIR) + "/" + path; }

Architecture eyeriss(const std::vector<std::string>& overrides) {
  auto document = YamlDocument::from_file(source("configs/architectures/eyeriss_v1.yaml"));
  for (const auto& o : overrides) document.apply(parse_override(o));
  return read_architecture(document);
}

LayerOperands random_operands(const LayerNest& l, const Widths& widths, Random& random) {
  using enum Dim;
  LayerOperands o;
  o.arithmetic.widths = widths;
  const auto rows = std::max<std::int64_t>(1, l.padded_rows() - l.padding.top - l.padding.bottom);
  const auto columns = std::max<std::int64_t>(1, l.padded_columns() - l.padding.left - l.padding.right);
  o.input = Tensor{Shape{l.extent[N], l.extent[G] * l.extent[C], rows, columns}};
  for (auto& v : o.input.data())
    v = random.chance(0.4) ? std::int16_t{0} : static_cast<std::int16_t>(random.between(-3000, 3000));
  if (l.reduction == Reduction::Sum) o.arithmetic.product_shift = reference::sum_shift(l, widths);
  if (!l.has_weights()) return o;
  o.weight = Tensor{Shape{l.extent[G] * l.extent[M], l.extent[C], l.extent[R], l.extent[S]}};
  for (auto& v : o.weight.data()) v = static_cast<std::int16_t>(random.between(-3000, 3000));
  for (std::int64_t m = 0; m < l.extent[G] * l.extent[M]; ++m)
    o.bias.push_back(static_cast<std::int32_t>(random.between(-500, 500)));
  o.arithmetic.product_shift = static_cast<int>(random.between(6, 14));
  o.arithmetic.output_shift = static_cast<int>(random.between(0, 4));
  if (random.chance(0.5)) o.arithmetic.activation = Activation::Relu;
  return o;
}

/// The inputs of a sum, which stand as the C channels of each group.
static std::vector<Tensor> terms(const LayerNest& l, const Tensor& input) {
  const auto count = l.extent[Dim::C];
  const Shape& s = input.shape();
  std::vector<Tensor> all;
  for (std::int64_t i = 0; i < count; ++i) {
    Tensor t{Shape{s.n, s.c / count, s.h, s.w}};
    for (std::int64_t n = 0; n < s.n; ++n)
      for (std::int64_t c = 0; c < s.c / count; ++c)
        for (std::int64_t h = 0; h < s.h; ++h)
          for (std::int64_t w = 0; w < s.w; ++w) t.at(n, c, h, w) = input.at(n, c * count + i, h, w);
    all.push_back(std::move(t));
  }
  return all;
}

Tensor reference_ofmap(const LayerNest& l, const LayerOperands& o) {
  switch (l.reduction) {
    case Reduction::MultiplyAdd:
      return reference::conv(l, o.input, o.weight, o.bias, o.arithmetic);
    case Reduction::Maximum:
      return reference::activate(reference::max_pool(l, o.input), o.arithmetic);
    case Reduction::Sum:
      return o.arithmetic.mean ? reference::average_pool(l, o.input, o.arithmetic)
                               : reference::add(terms(l, o.input), o.arithmetic);
  }
  return {};
}

std::int64_t differences(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return -1;
  std::int64_t n = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i) n += a.data()[i] != b.data()[i] ? 1 : 0;
  return n;
}

std::string read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>(in), {}};
}

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "eyrie-test-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}
Folder::~Folder() {
  std::error_code error;
  fs::remove_all(path_, error);
}
std::string Folder::write(const std::string& name, const std::string& text) const {
  const auto path = path_ + "/" + name;
  std::ofstream{path, std::ios::binary} << text;
  return path;
}

CliResult cli(const std::string& arguments) {
  const Folder folder;
  const auto line = "cd " + folder.path() + " && ( " + std::string(EYRIE_BINARY) + " " + arguments +
                    " ) >out.txt 2>err.txt </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(folder.path() + "/out.txt"),
          read_file(folder.path() + "/err.txt")};
}

}  // namespace eyrie::test
