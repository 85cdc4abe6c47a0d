#include "interchange/model_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <type_traits>

#include "base/output_file.hpp"
#include "interchange/npz.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

using Dims = std::vector<std::int64_t>;

std::string dims_text(const Dims& dims) {
  return dims.empty() ? "a single number" : fmt::format("{}", fmt::join(dims, " x "));
}

/// Shapes of the parameters of one name.
struct FilterShapes {
  Shape weight;
  std::int64_t channels = 1;     ///< that may have a scale each
  bool fully_connected = false;  ///< (out, c x h x w) is as good

  /// Dimensions of 1 at the end may be left out.
  [[nodiscard]] bool may_be(std::string_view part, const Dims& dims) const {
    if (part == "bias") return same(dims, {weight.n});
    if (part == "weight_scale") return same(dims, {}) || same(dims, {channels});
    return same(dims, whole()) || (fully_connected && same(dims, {weight.n, weight.c * weight.h * weight.w}));
  }
  [[nodiscard]] std::string wanted(std::string_view part) const {
    if (part == "bias") return dims_text({weight.n});
    return part == "weight_scale" ? fmt::format("1 or {}", channels) : dims_text(whole());
  }

 private:
  [[nodiscard]] Dims whole() const { return {weight.n, weight.c, weight.h, weight.w}; }
  static bool same(Dims a, Dims b) {
    for (auto* d : {&a, &b})
      while (!d->empty() && d->back() == 1) d->pop_back();
    return a == b;
  }
};

/// What parameters and codes may be called after, of a network and the layers that its cells are made of.
struct Names {
  std::map<std::string, FilterShapes> filters;
  std::set<std::string> tensors, inputs;

  explicit Names(const Network& network) {
    for (const auto& in : network.inputs()) {
      tensors.insert(in.name);
      if (!in.zeros) inputs.insert(in.name);
    }
    for (const auto& l : network.layers()) {
      if (l.has_filters())
        filters[l.weights_name()] = {.weight = l.weight_shape(),
                                     .channels = l.type == LayerType::LocallyConnected ? 1 : l.out_channels,
                                     .fully_connected = l.type == LayerType::FullyConnected};
      tensors.insert({l.name, parameter_name(l), l.part_of});
    }
    tensors.erase("");
  }

  static std::string meant(const std::string& name, const std::set<std::string>& known) {
    return did_you_mean(name, std::vector<std::string_view>{known.begin(), known.end()});
  }
  [[nodiscard]] std::string filters_meant(const std::string& name) const {
    std::vector<std::string_view> known;
    for (const auto& [of, shapes] : filters) known.push_back(of);
    return did_you_mean(name, known);
  }
};

/// `NAME/weight` to NAME and `weight`; both empty where there is no such part.
struct ParameterName {
  std::string of, part;
  explicit ParameterName(const std::string& whole) {
    const auto slash = whole.rfind('/');
    if (slash == std::string::npos) return;
    of = whole.substr(0, slash);
    part = whole.substr(slash + 1);
  }
  [[nodiscard]] bool known() const { return part == "weight" || part == "bias" || part == "weight_scale"; }
};

// ---- reading --------------------------------------------------------------------------------------------------------

class ModelReader {
 public:
  explicit ModelReader(NetworkFile file, const std::string& path)
      : file_{std::move(file)}, names_{Network::build(file_, 1)} {
    npz_ = (fs::path(path).parent_path() / file_.model->parameters).string();
  }

  Model read() {
    Model m;
    m.arithmetic = file_.model->arithmetic;
    m.calibration = file_.model->calibration;
    for (const auto& c : file_.codes) code(c, m);
    for (const auto& p : file_.pixels) pixels(p, m);
    wrong_.raise_if_any();
    for (auto& [name, array] : read_npz_file(npz_)) parameter(name, array, m);
    wrong_.raise_if_any();
    m.labels = std::move(file_.labels);
    file_.model.reset();
    file_.codes.clear();
    file_.pixels.clear();
    file_.labels.clear();
    m.network = std::move(file_);
    return m;
  }

 private:
  void code(const StatedCode& c, Model& m) {
    constexpr std::string_view kBefore = "/before";
    const auto of = c.tensor.ends_with(kBefore) ? c.tensor.substr(0, c.tensor.size() - kBefore.size()) : c.tensor;
    if (!names_.tensors.contains(c.tensor) && !names_.tensors.contains(of))
      wrong_.error(c.where, fmt::format("there is a code of {}, which is neither a layer nor an input", c.tensor),
                   Names::meant(of, names_.tensors));
    if (c.code.least >= c.code.most)
      wrong_.error(c.where, fmt::format("raw numbers of {} go from {} to {}", c.tensor, c.code.least, c.code.most),
                   "let `most` be larger than `least`");
    else if (c.code.zero_point < c.code.least || c.code.zero_point > c.code.most)
      wrong_.error(c.where,
                   fmt::format("the zero point {} of {} is none of its raw numbers", c.code.zero_point, c.tensor),
                   fmt::format("let it lie from {} to {}", c.code.least, c.code.most));
    else if (c.code.least - c.code.zero_point < std::numeric_limits<std::int16_t>::min() ||
             c.code.most - c.code.zero_point > std::numeric_limits<std::int16_t>::max())
      wrong_.error(c.where,
                   fmt::format("words of {}, raw numbers less {}, take more than 16 bits", c.tensor, c.code.zero_point),
                   "let them lie from -32768 to 32767");
    if (!m.codes.emplace(c.tensor, c.code).second)
      wrong_.error(c.where, fmt::format("{} has two codes", c.tensor), "give one");
  }

  void pixels(const StatedPixels& p, Model& m) {
    const auto in = std::ranges::find(file_.inputs, p.input, &NetworkInput::name);
    if (in == file_.inputs.end()) {
      wrong_.error(p.where, fmt::format("there are pixels of {}, which is no input", p.input),
                   Names::meant(p.input, names_.inputs));
      return;
    }
    for (const auto* each : {&p.pixels.mean, &p.pixels.deviation})
      if (each->size() > 1 && std::ssize(*each) != in->channels)
        wrong_.error(p.where,
                     fmt::format("{} has {} channels, and {} numbers stand here", p.input, in->channels, each->size()),
                     fmt::format("give 1 or {}", in->channels));
    if (!m.pixels.emplace(p.input, p.pixels).second)
      wrong_.error(p.where, fmt::format("{} has pixels twice", p.input), "state them once");
  }

  void parameter(const std::string& name, const NumpyArray& array, Model& m) {
    const ParameterName parts{name};
    const Place place{npz_ + ":" + name, 0, 0};
    if (!parts.known())
      return wrong_.error(place, "this is no parameter", "call it NAME/weight, NAME/bias or NAME/weight_scale");
    if (!names_.filters.contains(parts.of))
      return wrong_.error(place, fmt::format("the network has no filters called {}", parts.of),
                          names_.filters_meant(parts.of));
    Parameter p{.shape = array.shape, .real = {}, .integer = {}};
    bool fits = true;
    std::visit(
        [&](const auto& numbers) {
          for (const auto v : numbers)
            if constexpr (std::is_floating_point_v<std::decay_t<decltype(v)>>) {
              p.real.push_back(static_cast<float>(v));
              fits = fits && std::isfinite(p.real.back());
            } else {
              p.integer.push_back(static_cast<std::int32_t>(v));
              fits = fits && static_cast<std::int64_t>(p.integer.back()) == static_cast<std::int64_t>(v);
            }
        },
        array.numbers);
    if (!fits)
      return wrong_.error(place,
                          array.real() ? "some of its numbers are none, or infinite"
                                       : "some of its numbers take "
                                         "more than 32 bits",
                          array.real() ? "store finite ones" : "store smaller ones");
    if (const auto& f = names_.filters.at(parts.of); !f.may_be(parts.part, p.shape))
      return wrong_.error(place, fmt::format("its shape is {}", dims_text(p.shape)),
                          fmt::format("{} reads {}", parts.of, f.wanted(parts.part)));
    m.parameters.emplace(name, std::move(p));
  }

  NetworkFile file_;
  Names names_;
  std::string npz_;
  Diagnostics wrong_;
};

/// Keys of a model where there is none.
void refuse_leftovers(const NetworkFile& file) {
  Diagnostics wrong;
  const char* remedy = "give its parameters with `model: {parameters: FILE.npz}`, or leave this out";
  for (const auto& c : file.codes)
    wrong.error(c.where, fmt::format("there is a code of {}, and no model", c.tensor), remedy);
  for (const auto& p : file.pixels)
    wrong.error(p.where, fmt::format("there are pixels of {}, and no model", p.input), remedy);
  wrong.raise_if_any();
}

// ---- writing --------------------------------------------------------------------------------------------------------

template <class T>
bool all_fit(const std::vector<std::int32_t>& all) {
  return std::ranges::all_of(
      all, [](std::int32_t v) { return v >= std::numeric_limits<T>::min() && v <= std::numeric_limits<T>::max(); });
}

NumpyArray array_of(const Parameter& p) {
  NumpyArray a{.shape = p.shape, .numbers = p.real};
  if (!p.real.empty()) return a;
  if (all_fit<std::int8_t>(p.integer))
    a.numbers = std::vector<std::int8_t>(p.integer.begin(), p.integer.end());
  else if (all_fit<std::int16_t>(p.integer))
    a.numbers = std::vector<std::int16_t>(p.integer.begin(), p.integer.end());
  else
    a.numbers = p.integer;
  return a;
}

}  // namespace

std::optional<Model> model_of(const YamlDocument& document) {
  auto file = read_yaml<NetworkFile>(document);
  if (file.model) return ModelReader{std::move(file), document.name()}.read();
  refuse_leftovers(file);
  return std::nullopt;
}

Model read_model(const YamlDocument& document) {
  auto model = model_of(document);
  if (!model)
    throw InputError(document.place_of(""), "the file holds no model",
                     "give its parameters with `model: {parameters: FILE.npz}`");
  return std::move(*model);
}

std::string from_folder_of(const std::string& file, const std::string& other) {
  const auto whole = [](const std::string& p) { return fs::absolute(p).lexically_normal(); };
  return whole(file).lexically_relative(whole(other).parent_path()).generic_string();
}

void write_model(const Model& model, const std::string& yaml_path, const std::string& npz_path) {
  NumpyArrays arrays;
  for (const auto& [name, p] : model.parameters) arrays[name] = array_of(p);
  write_npz_file(npz_path, arrays);
  NetworkFile file = model.network;
  file.model = {.parameters = from_folder_of(npz_path, yaml_path),
                .arithmetic = model.arithmetic,
                .calibration = model.calibration,
                .where = {}};
  file.codes.clear();
  file.pixels.clear();
  for (const auto& [name, code] : model.codes) file.codes.push_back({name, code, {}});
  for (const auto& [name, pixels] : model.pixels) file.pixels.push_back({name, pixels, {}});
  file.labels = model.labels;
  write_file(yaml_path, write_yaml([&](Fields& f) { describe(f, file); }));
}

}  // namespace eyrie
