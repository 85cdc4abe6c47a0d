#include "interchange/onnx_fold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

namespace eyrie {

using Dims = std::vector<std::int64_t>;

std::size_t axis_of(std::int64_t axis, std::size_t rank) {
  const auto r = static_cast<std::int64_t>(rank);
  if (axis < -r || axis >= r)
    throw OnnxRefusal{fmt::format("axis {} of a tensor with {} dimensions", axis, rank), "name one that it has"};
  return static_cast<std::size_t>(axis < 0 ? axis + r : axis);
}

Dims reshaped_dims(const Dims& dims, const Dims& wanted, bool zeros_stay_zeros) {
  Dims made = wanted;
  std::int64_t open = -1, known = 1;
  const auto all = elements_of(dims).value_or(0);
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (made[i] == 0 && !zeros_stay_zeros) {
      if (i >= dims.size()) throw OnnxRefusal{"a dimension is kept that its input does not have", "give a number"};
      made[i] = dims[i];
    }
    if (made[i] == -1) {
      if (open >= 0) throw OnnxRefusal{"two dimensions are left open", "give all but one"};
      open = static_cast<std::int64_t>(i);
    } else if (made[i] < 0 || made[i] > (std::int64_t{1} << 31)) {
      throw OnnxRefusal{fmt::format("a dimension is {}", made[i]), "give a number, 0 or -1"};
    } else {
      known = made[i] == 0 ? 0 : known > (std::int64_t{1} << 31) / made[i] ? (std::int64_t{1} << 32) : known * made[i];
    }
  }
  if (open >= 0) made[static_cast<std::size_t>(open)] = known > 0 ? all / known : 0;
  if (elements_of(made) != all)
    throw OnnxRefusal{fmt::format("{} is made of {}", to_text(made), to_text(dims)), "a reshape keeps every element"};
  return made;
}

Dims axes_of(const OnnxNode& n, const OnnxTensor* input) {
  return input != nullptr ? input->wholes() : n.wholes("axes");
}

Dims squeezed_dims(const Dims& dims, const Dims& axes) {
  std::vector<bool> gone(dims.size(), axes.empty());
  for (const auto a : axes) gone[axis_of(a, dims.size())] = true;
  Dims made;
  for (std::size_t i = 0; i < dims.size(); ++i)
    if (!gone[i] || (axes.empty() && dims[i] != 1))
      made.push_back(dims[i]);
    else if (dims[i] != 1)
      throw OnnxRefusal{fmt::format("a dimension of {} would go", dims[i]), "squeeze dimensions of 1"};
  return made;
}

Dims unsqueezed_dims(const Dims& dims, const Dims& axes) {
  const auto rank = dims.size() + axes.size();
  if (rank > 16) throw OnnxRefusal{fmt::format("it makes {} dimensions", rank), "at most 16 are read"};
  std::vector<bool> added(rank, false);
  for (const auto a : axes) added[axis_of(a, rank)] = true;
  if (std::ranges::count(added, true) != std::ssize(axes)) throw OnnxRefusal{"an axis stands twice", "name each once"};
  Dims made;
  for (std::size_t i = 0, k = 0; i < rank; ++i) made.push_back(added[i] ? 1 : dims[k++]);
  return made;
}

std::vector<std::size_t> permutation_of(const OnnxNode& n, std::size_t rank) {
  std::vector<std::size_t> perm;
  for (const auto p : n.wholes("perm")) perm.push_back(axis_of(p, rank));
  if (perm.empty())
    for (std::size_t i = rank; i-- > 0;) perm.push_back(i);
  auto sorted = perm;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < rank; ++i)
    if (sorted.size() != rank || sorted[i] != i) throw OnnxRefusal{"perm is no permutation", "name each axis once"};
  return perm;
}

ScaleIndex::ScaleIndex(const OnnxTensor& of, const OnnxTensor& scale, std::int64_t axis) : count{scale.elements()} {
  if (count == 1) return;
  const auto at = axis_of(axis, of.dims.size());
  if (scale.dims.size() != 1 || of.dims[at] != count)
    throw OnnxRefusal{fmt::format("scales of the shape {} for a tensor of {}", to_text(scale.dims), to_text(of.dims)),
                      "give one, or one for each index of the axis"};
  for (auto i = at + 1; i < of.dims.size(); ++i) inner *= of.dims[i];
}

namespace {

constexpr std::int64_t kMostMade = std::int64_t{1} << 24;

/// A result as its type holds it: whole numbers end at 2^53.
double held(OnnxType type, double v) {
  if (is_real(type)) return static_cast<double>(static_cast<float>(v));
  if (!std::isfinite(v)) throw OnnxRefusal{fmt::format("a whole number comes to {}", v), "export the network again"};
  return std::clamp(v, -kMostWhole, kMostWhole);
}

void check_scale(const OnnxTensor& scale, const OnnxTensor* zero) {
  for (std::int64_t i = 0; i < scale.elements(); ++i)
    if (!(scale.at(i) > 0) || !std::isfinite(scale.at(i)))
      throw OnnxRefusal{fmt::format("a scale is {}", scale.at(i)), "scales are positive numbers"};
  if (scale.elements() < 1) throw OnnxRefusal{"there is no scale", "give one"};
  if (zero != nullptr && zero->elements() != scale.elements())
    throw OnnxRefusal{"there are not as many zero points as scales", "give one for each"};
}

using Inputs = std::vector<const OnnxTensor*>;

const OnnxTensor& needed(const Inputs& in, std::size_t n) {
  if (n >= in.size() || in[n] == nullptr) throw OnnxRefusal{fmt::format("input {} is missing", n), "give it"};
  return *in[n];
}

void limit(const Dims& dims, std::int64_t paid_for) {
  const auto count = elements_of(dims);
  if (!count || *count > std::max(kMostMade, paid_for))
    throw OnnxRefusal{fmt::format("it makes constants of {}", to_text(dims)), "at most 2^24 numbers are made"};
}

Dims strides_of(const Dims& dims) {
  Dims strides(dims.size(), 1);
  for (auto i = std::ssize(dims) - 2; i >= 0; --i) {
    const auto k = static_cast<std::size_t>(i);
    strides[k] = strides[k + 1] * dims[k + 1];
  }
  return strides;
}

/// A tensor of `dims` whose element at an index is the input's at `first` + index . steps.
OnnxTensor picked(const OnnxTensor& t, const Dims& dims, std::int64_t first, const Dims& steps) {
  if (t.splat) return with_dims(t, dims);
  limit(dims, t.elements());
  const auto count = elements_of(dims).value_or(0);
  std::vector<double> numbers(static_cast<std::size_t>(count));
  Dims index(dims.size(), 0);
  std::int64_t at = first;
  for (auto& v : numbers) {
    v = t.at(at);
    for (auto k = dims.size(); k-- > 0;) {
      at += steps[k];
      if (++index[k] < dims[k]) break;
      at -= steps[k] * dims[k];
      index[k] = 0;
    }
  }
  return make_tensor(t.type, dims, std::move(numbers));
}

OnnxTensor transpose(const OnnxNode& n, const Inputs& in) {
  const auto& t = needed(in, 0);
  const auto perm = permutation_of(n, t.dims.size());
  const auto strides = strides_of(t.dims);
  Dims dims, steps;
  for (const auto p : perm) {
    dims.push_back(t.dims[p]);
    steps.push_back(strides[p]);
  }
  return picked(t, dims, 0, steps);
}

OnnxTensor slice(const OnnxNode& n, const Inputs& in) {
  const auto& t = needed(in, 0);
  const bool old = in.size() == 1;
  const Dims starts = old ? n.wholes("starts") : needed(in, 1).wholes();
  const Dims ends = old ? n.wholes("ends") : needed(in, 2).wholes();
  Dims axes = old ? n.wholes("axes") : in.size() > 3 && in[3] != nullptr ? in[3]->wholes() : Dims{};
  const Dims by = in.size() > 4 && in[4] != nullptr ? in[4]->wholes() : Dims(starts.size(), 1);
  if (axes.empty())
    for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  if (ends.size() != starts.size() || axes.size() != starts.size() || by.size() != starts.size())
    throw OnnxRefusal{"starts, ends, axes and steps differ in number", "give as many of each"};
  Dims dims = t.dims, steps = strides_of(t.dims);
  std::vector<bool> met(dims.size(), false);
  std::int64_t first = 0;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto a = axis_of(axes[i], dims.size());
    if (met[a]) throw OnnxRefusal{fmt::format("axis {} is cut twice", a), "name each axis once"};
    met[a] = true;
    const auto size = t.dims[a], step = by[i];
    if (step == 0 || step < -size - 1) throw OnnxRefusal{fmt::format("a step is {}", step), "steps lie inside"};
    const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    const auto inside = [&](std::int64_t v) { return std::clamp<std::int64_t>(v < 0 ? v + size : v, low, high); };
    const auto from = inside(starts[i]), to = ends[i] < -size && step < 0 ? -1 : inside(ends[i]);
    const auto span = step > 0 ? to - from : from - to, pace = step > 0 ? step : -step;
    dims[a] = span > 0 ? (span - 1) / pace + 1 : 0;
    first += from * steps[a];
    steps[a] *= std::min(step, size + 1);
  }
  if (elements_of(dims) == 0) return make_tensor(t.type, dims, {});
  return picked(t, dims, first, steps);
}

OnnxTensor gather(const OnnxNode& n, const Inputs& in) {
  const auto& t = needed(in, 0);
  const auto& indices = needed(in, 1);
  const auto axis = axis_of(n.whole("axis", 0), t.dims.size());
  Dims dims{t.dims.begin(), t.dims.begin() + static_cast<std::ptrdiff_t>(axis)};
  dims.insert(dims.end(), indices.dims.begin(), indices.dims.end());
  dims.insert(dims.end(), t.dims.begin() + static_cast<std::ptrdiff_t>(axis) + 1, t.dims.end());
  limit(dims, 0);
  const auto inner = strides_of(t.dims)[axis], size = t.dims[axis], count = indices.elements();
  const auto outer = size * inner == 0 ? 0 : t.elements() / (size * inner);
  std::vector<double> numbers;
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t i = 0; i < count; ++i) {
      const auto index = static_cast<std::int64_t>(axis_of(indices.whole(i), static_cast<std::size_t>(size)));
      for (std::int64_t k = 0; k < inner; ++k) numbers.push_back(t.at((o * size + index) * inner + k));
    }
  if (elements_of(dims) != std::ssize(numbers)) throw OnnxRefusal{"there is nothing to gather", "give it elements"};
  return make_tensor(t.type, dims, std::move(numbers));
}

OnnxTensor concat(const OnnxNode& n, const Inputs& in) {
  const auto& first = needed(in, 0);
  const auto axis = axis_of(n.whole("axis", 0), first.dims.size());
  Dims dims = first.dims;
  dims[axis] = 0;
  std::int64_t outer = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= dims[i];
  for (std::size_t i = 0; i < in.size(); ++i) {
    auto other = needed(in, i).dims;
    if (other.size() != dims.size()) throw OnnxRefusal{"constants of several ranks are joined", "give them one rank"};
    dims[axis] += other[axis];
    limit(dims, 0);
    other[axis] = dims[axis];
    if (other != dims) throw OnnxRefusal{"constants that don't fit are joined", "let them differ along the axis alone"};
  }
  std::vector<double> numbers;
  for (std::int64_t o = 0; o < outer; ++o)
    for (const auto* t : in) {
      const auto share = t->elements() / std::max<std::int64_t>(outer, 1);
      for (std::int64_t k = 0; k < share; ++k) numbers.push_back(t->at(o * share + k));
    }
  return make_tensor(first.type, dims, std::move(numbers));
}

Dims broadcast(const Dims& a, const Dims& b) {
  Dims dims(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const auto of = [&](const Dims& d) { return i < d.size() ? d[d.size() - 1 - i] : 1; };
    if (of(a) != of(b) && of(a) != 1 && of(b) != 1)
      throw OnnxRefusal{fmt::format("{} and {} do not fit", to_text(a), to_text(b)), "give them equal shapes"};
    dims[dims.size() - 1 - i] = of(a) == 1 ? of(b) : of(a);
  }
  return dims;
}

OnnxTensor spread(const OnnxTensor& t, const Dims& dims) {
  if (t.dims == dims) return t;
  const auto strides = strides_of(t.dims);
  Dims steps(dims.size(), 0);
  for (std::size_t i = 0; i < t.dims.size(); ++i)
    if (t.dims[i] != 1) steps[dims.size() - t.dims.size() + i] = strides[i];
  return picked(t, dims, 0, steps);
}

OnnxTensor pointwise(const Inputs& in, const std::function<double(double, double)>& f) {
  const auto& a = needed(in, 0);
  const auto& b = needed(in, 1);
  const Dims dims = broadcast(a.dims, b.dims);
  if (!a.splat || !b.splat) limit(dims, std::max(a.splat ? 0 : a.elements(), b.splat ? 0 : b.elements()));
  if (a.splat && b.splat) return make_splat(a.type, dims, held(a.type, f(a.at(0), b.at(0))));
  const auto x = spread(a, dims), y = spread(b, dims);
  std::vector<double> numbers(static_cast<std::size_t>(elements_of(dims).value_or(0)));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = held(a.type, f(x.at(static_cast<std::int64_t>(i)), y.at(static_cast<std::int64_t>(i))));
  return make_tensor(a.type, dims, std::move(numbers));
}

OnnxTensor each(const OnnxTensor& t, OnnxType type, const std::function<double(double)>& f) {
  std::vector<double> numbers;
  numbers.reserve(t.numbers->size());
  for (const double v : *t.numbers) numbers.push_back(held(type, f(v)));
  OnnxTensor made = make_tensor(type, t.dims, std::move(numbers));
  made.splat = t.splat;
  return made;
}

OnnxTensor cast(const OnnxNode& n, const Inputs& in) {
  const auto to = static_cast<OnnxType>(n.whole("to", 1));
  const auto& t = needed(in, 0);
  if (is_real(to)) return each(t, to, [](double v) { return v; });
  if (to == OnnxType::Bool) return each(t, to, [](double v) { return v != 0 ? 1.0 : 0.0; });
  if (to != OnnxType::Int64 && to != OnnxType::Int32)
    throw OnnxRefusal{"it casts constants to a narrow type", "cast to real numbers or 32 bits"};
  return each(t, to, [](double v) { return std::isfinite(v) ? std::trunc(v) : 0.0; });
}

OnnxTensor constant(const OnnxNode& n) {
  const auto tensor_of = [](OnnxType type, std::vector<double> v) {
    const Dims dims{std::ssize(v)};
    for (auto& number : v) number = held(type, number);
    return make_tensor(type, dims, std::move(v));
  };
  for (const auto& [key, a] : n.attributes) {
    if (key == "value" && a.tensor) return *a.tensor;
    if (key == "value_float") return make_tensor(OnnxType::Float, {}, {a.number});
    if (key == "value_int")
      return make_tensor(OnnxType::Int64, {}, {held(OnnxType::Int64, static_cast<double>(a.whole))});
    if (key == "value_floats") return tensor_of(OnnxType::Float, a.numbers);
    if (key == "value_ints") return tensor_of(OnnxType::Int64, {a.wholes.begin(), a.wholes.end()});
  }
  throw OnnxRefusal{"the constant has no value", "give it numbers"};
}

OnnxTensor made_of_shape(const OnnxNode& n, const Inputs& in) {
  const auto dims = needed(in, 0).wholes();
  const auto value = n.attributes.find("value");
  if (!elements_of(dims) || dims.size() > 16)
    throw OnnxRefusal{fmt::format("it makes constants of {}", to_text(dims)), "at most 2^31 numbers are made"};
  if (value == n.attributes.end() || !value->second.tensor) return make_splat(OnnxType::Float, dims, 0);
  if (value->second.tensor->elements() != 1) throw OnnxRefusal{"its value is not one number", "give one"};
  return make_splat(value->second.tensor->type, dims, value->second.tensor->at(0));
}

OnnxTensor expand(const Inputs& in) {
  const auto& t = needed(in, 0);
  const auto dims = broadcast(t.dims, needed(in, 1).wholes());
  limit(dims, 0);
  return spread(t, dims);
}

OnnxTensor range(const Inputs& in) {
  const double from = needed(in, 0).at(0), to = needed(in, 1).at(0), step = needed(in, 2).at(0);
  const double count = std::fmax(0, std::ceil((to - from) / step));
  if (step == 0 || !(count <= static_cast<double>(kMostMade))) throw OnnxRefusal{"the range is too long", "shorten it"};
  std::vector<double> numbers;
  const auto type = needed(in, 0).type;
  for (double i = 0; i < count; ++i) numbers.push_back(held(type, from + i * step));
  const Dims dims{std::ssize(numbers)};
  return make_tensor(type, dims, std::move(numbers));
}

OnnxTensor dims_of(const OnnxTensor& t) {
  return make_tensor(OnnxType::Int64, {std::ssize(t.dims)}, {t.dims.begin(), t.dims.end()});
}

OnnxTensor flattened(const OnnxNode& n, const OnnxTensor& t) {
  const auto a = n.whole("axis", 1);
  const auto rank = std::ssize(t.dims);
  if (a < -rank || a > rank) throw OnnxRefusal{fmt::format("axis {}", a), "name one that it has"};
  std::int64_t outer = 1;
  for (std::int64_t i = 0; i < (a < 0 ? a + rank : a); ++i) outer *= t.dims[static_cast<std::size_t>(i)];
  return with_dims(t, {outer, outer == 0 ? 0 : t.elements() / outer});
}

double divided(OnnxType type, double a, double b) {
  if (is_real(type)) return a / b;
  if (b == 0) throw OnnxRefusal{"whole numbers are divided by 0", "export the network again"};
  return std::trunc(a / b);
}

using Folder = std::function<OnnxTensor(const OnnxNode&, const Inputs&, std::int64_t opset)>;

const std::map<std::string, Folder>& folders() {
  const auto first = [](const Inputs& in) -> const OnnxTensor& { return needed(in, 0); };
  static const std::map<std::string, Folder> all{
      {"Constant", [](const auto& n, const auto&, auto) { return constant(n); }},
      {"ConstantOfShape", [](const auto& n, const auto& in, auto) { return made_of_shape(n, in); }},
      {"Identity", [first](const auto&, const auto& in, auto) { return first(in); }},
      {"Dropout", [first](const auto&, const auto& in, auto) { return first(in); }},
      {"Shape", [first](const auto&, const auto& in, auto) { return dims_of(first(in)); }},
      {"Cast", [](const auto& n, const auto& in, auto) { return cast(n, in); }},
      {"Transpose", [](const auto& n, const auto& in, auto) { return transpose(n, in); }},
      {"Slice", [](const auto& n, const auto& in, auto) { return slice(n, in); }},
      {"Gather", [](const auto& n, const auto& in, auto) { return gather(n, in); }},
      {"Concat", [](const auto& n, const auto& in, auto) { return concat(n, in); }},
      {"Expand", [](const auto&, const auto& in, auto) { return expand(in); }},
      {"Range", [](const auto&, const auto& in, auto) { return range(in); }},
      {"Flatten", [first](const auto& n, const auto& in, auto) { return flattened(n, first(in)); }},
      {"Reshape",
       [first](const auto& n, const auto& in, auto opset) {
         const auto wanted = opset < 5 ? n.wholes("shape") : needed(in, 1).wholes();
         return with_dims(first(in), reshaped_dims(first(in).dims, wanted, n.whole("allowzero", 0) != 0));
       }},
      {"Squeeze",
       [first](const auto& n, const auto& in, auto) {
         return with_dims(first(in), squeezed_dims(first(in).dims, axes_of(n, in.size() > 1 ? in[1] : nullptr)));
       }},
      {"Unsqueeze",
       [first](const auto& n, const auto& in, auto) {
         return with_dims(first(in), unsqueezed_dims(first(in).dims, axes_of(n, in.size() > 1 ? in[1] : nullptr)));
       }},
      {"Add", [](const auto&, const auto& in, auto) { return pointwise(in, std::plus<>{}); }},
      {"Sub", [](const auto&, const auto& in, auto) { return pointwise(in, std::minus<>{}); }},
      {"Mul", [](const auto&, const auto& in, auto) { return pointwise(in, std::multiplies<>{}); }},
      {"Div",
       [first](const auto&, const auto& in, auto) {
         return pointwise(in, [type = first(in).type](double a, double b) { return divided(type, a, b); });
       }},
      {"Pow", [](const auto&, const auto& in,
                 auto) { return pointwise(in, [](double a, double b) { return std::pow(a, b); }); }},
      {"Sqrt", [first](const auto&, const auto& in,
                       auto) { return each(first(in), first(in).type, [](double v) { return std::sqrt(v); }); }},
      {"Neg", [first](const auto&, const auto& in,
                      auto) { return each(first(in), first(in).type, [](double v) { return -v; }); }},
      {"Floor", [first](const auto&, const auto& in,
                        auto) { return each(first(in), first(in).type, [](double v) { return std::floor(v); }); }},
      {"Ceil", [first](const auto&, const auto& in,
                       auto) { return each(first(in), first(in).type, [](double v) { return std::ceil(v); }); }},
      {"QuantizeLinear",
       [first](const auto& n, const auto& in, auto) {
         return quantised(first(in), needed(in, 1), in.size() > 2 ? in[2] : nullptr, n.whole("axis", 1));
       }},
      {"DequantizeLinear", [first](const auto& n, const auto& in, auto) {
         return dequantised(first(in), needed(in, 1), in.size() > 2 ? in[2] : nullptr, n.whole("axis", 1));
       }}};
  return all;
}

}  // namespace

OnnxTensor dequantised(const OnnxTensor& raw, const OnnxTensor& scale, const OnnxTensor* zero, std::int64_t axis) {
  check_scale(scale, zero);
  const ScaleIndex index{raw, scale, axis};
  if (raw.splat) limit(raw.dims, 0);
  std::vector<double> numbers(raw.splat && index.count == 1 ? 1 : static_cast<std::size_t>(raw.elements()));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto k = index.at(static_cast<std::int64_t>(i));
    const double z = zero != nullptr ? zero->at(k) : 0;
    numbers[i] = held(OnnxType::Float, (raw.at(static_cast<std::int64_t>(i)) - z) * scale.at(k));
  }
  OnnxTensor made = make_tensor(OnnxType::Float, raw.dims, std::move(numbers));
  made.splat = raw.splat && index.count == 1;
  return made;
}

OnnxTensor quantised(const OnnxTensor& real, const OnnxTensor& scale, const OnnxTensor* zero, std::int64_t axis) {
  check_scale(scale, zero);
  const ScaleIndex index{real, scale, axis};
  if (real.splat) limit(real.dims, 0);
  const auto type = zero != nullptr ? zero->type : OnnxType::Uint8;
  if (type != OnnxType::Uint8 && type != OnnxType::Int8)
    throw OnnxRefusal{"constants are quantised to a type that is not of 8 bits", "use uint8 or int8"};
  const double least = type == OnnxType::Int8 ? -128 : 0, most = type == OnnxType::Int8 ? 127 : 255;
  std::vector<double> numbers(static_cast<std::size_t>(real.elements()));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto k = index.at(static_cast<std::int64_t>(i));
    const double z = zero != nullptr ? zero->at(k) : 0;
    const auto quotient = static_cast<float>(real.at(static_cast<std::int64_t>(i))) / static_cast<float>(scale.at(k));
    numbers[i] =
        std::clamp(std::nearbyint(std::isnan(quotient) ? 0.0 : static_cast<double>(quotient)) + z, least, most);
  }
  return make_tensor(type, real.dims, std::move(numbers));
}

bool folds(const std::string& op) { return folders().contains(op); }

OnnxTensor folded(const OnnxNode& n, const std::vector<const OnnxTensor*>& inputs, std::int64_t opset) {
  for (const auto* t : inputs)
    if (t != nullptr && t->dims.size() > 16) throw OnnxRefusal{"a constant has more than 16 dimensions", "use fewer"};
  if (n.op != "Shape" && n.op != "Constant" && n.op != "ConstantOfShape" && n.op != "Identity")
    for (const auto* t : inputs)
      if (t != nullptr && !t->splat && t->elements() == 0 && n.op != "Concat" && n.op != "Reshape")
        throw OnnxRefusal{"a constant is empty", "give it elements"};
  const auto& folder = folders().at(n.op);
  return folder(n, inputs, opset);
}

}  // namespace eyrie
