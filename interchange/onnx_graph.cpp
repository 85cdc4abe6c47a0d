#include "interchange/onnx_graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace eyrie {

std::optional<std::int64_t> elements_of(const std::vector<std::int64_t>& dims) {
  constexpr std::int64_t most = std::int64_t{1} << 31;
  std::int64_t all = 1;
  for (const auto d : dims)
    if (d < 0 || d > most) return std::nullopt;
  for (const auto d : dims) {
    if (d == 0) return 0;
    if (all > most / d) all = most + 1;
    if (all <= most) all *= d;
  }
  return all > most ? std::nullopt : std::optional{all};
}

std::string to_text(const std::vector<std::int64_t>& dims) {
  return dims.empty() ? "a single number" : fmt::format("{}", fmt::join(dims, " x "));
}

std::int64_t OnnxTensor::elements() const { return elements_of(dims).value_or(0); }

std::int64_t OnnxTensor::whole(std::int64_t i) const {
  const double v = at(i);
  if (!std::isfinite(v))
    throw OnnxRefusal{fmt::format("{} stands where a whole number belongs", v), "export the network again"};
  return static_cast<std::int64_t>(std::clamp(v, -kMostWhole, kMostWhole));
}

std::vector<std::int64_t> OnnxTensor::wholes() const {
  if (elements() > 4096)
    throw OnnxRefusal{fmt::format("{} numbers stand where a shape or axes belong", elements()), "give a few"};
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < elements(); ++i) all.push_back(whole(i));
  return all;
}

OnnxTensor make_tensor(OnnxType type, std::vector<std::int64_t> dims, std::vector<double> numbers) {
  return {type, std::move(dims), std::make_shared<const std::vector<double>>(std::move(numbers)), false};
}

OnnxTensor make_splat(OnnxType type, std::vector<std::int64_t> dims, double number) {
  return {type, std::move(dims), std::make_shared<const std::vector<double>>(1, number), true};
}

OnnxTensor with_dims(const OnnxTensor& t, std::vector<std::int64_t> dims) {
  OnnxTensor other = t;
  other.dims = std::move(dims);
  return other;
}

std::int64_t OnnxNode::whole(const std::string& attribute, std::int64_t otherwise) const {
  const auto it = attributes.find(attribute);
  return it == attributes.end() ? otherwise : it->second.whole;
}

double OnnxNode::number(const std::string& attribute, double otherwise) const {
  const auto it = attributes.find(attribute);
  return it == attributes.end() ? otherwise : it->second.number;
}

std::string OnnxNode::text(const std::string& attribute, const std::string& otherwise) const {
  const auto it = attributes.find(attribute);
  return it == attributes.end() ? otherwise : it->second.text;
}

std::vector<std::int64_t> OnnxNode::wholes(const std::string& attribute) const {
  const auto it = attributes.find(attribute);
  return it == attributes.end() ? std::vector<std::int64_t>{} : it->second.wholes;
}

}  // namespace eyrie
