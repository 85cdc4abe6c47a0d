#include "app/compress_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/workload.hpp"
#include "base/ensure.hpp"
#include "base/yaml.hpp"
#include "interchange/model_file.hpp"
#include "report/render.hpp"
#include "sim/filter_code.hpp"
#include "workloads/compression/compress.hpp"
#include "workloads/compression/prune.hpp"
#include "workloads/compression/shrink.hpp"
#include "workloads/forward.hpp"

namespace eyrie {

FilterStorage& FilterStorage::operator+=(const FilterStorage& o) {
  dense += o.dense;
  run_length += o.run_length;
  csc += o.csc;
  codebook += o.codebook;
  return *this;
}

CompressedLayer& CompressedLayer::operator+=(const CompressedLayer& o) {
  parameters_before += o.parameters_before;
  parameters += o.parameters;
  macs_before += o.macs_before;
  macs += o.macs;
  zeros += o.zeros;
  before += o.before;
  after += o.after;
  return *this;
}

static LayerShrink shrink_of(const std::string& text) {
  const auto equals = text.find('=');
  double share = -1;
  std::size_t read = 0;
  try {
    if (equals != std::string::npos) share = std::stod(text.substr(equals + 1), &read);
  } catch (const std::exception&) {
    share = -1;
  }
  if (equals == 0 || equals == std::string::npos || read != text.size() - equals - 1 || !(share >= 0 && share <= 1))
    throw InputError({"--shrink", 0, 0}, fmt::format("{} is no LAYER=SHARE with a share of 0 to 1", text),
                     "write conv1=0.5: half of conv1's channels go");
  return {.layer = text.substr(0, equals), .share = share, .where = {"--shrink", 0, 0}};
}

/// Options that change another one, which is not there.
static void refuse_alone(const CompressRequest& r, const Compression& c) {
  Diagnostics wrong;
  if (!r.prune_layers.empty() && !r.prune)
    wrong.error({"--prune-layers", 0, 0}, "nothing says how much of these layers goes", "add --prune SHARE");
  if (r.global && !r.prune && !c.prune)
    wrong.error({"--global", 0, 0}, "nothing says how much of the filters goes", "add --prune SHARE");
  if (!c.prune && !c.share_weights && c.shrink.empty())
    wrong.error({"compress", 0, 0}, "nothing is asked for, by options or under `compression` in the file",
                "add --prune, --shrink or --share-weights");
  wrong.raise_if_any();
}

NetworkFile with_compression(NetworkFile file, const CompressRequest& r) {
  Compression c = file.compression.value_or(Compression{});
  if (r.prune) {
    if (!c.prune) c.prune = Pruning{};
    c.prune->share = *r.prune;
    if (!r.prune_layers.empty()) c.prune->layers = r.prune_layers;
  }
  for (const auto& s : r.shrink) c.shrink.push_back(shrink_of(s));
  if (r.share_bits) {
    if (!c.share_weights) c.share_weights = WeightSharing{};
    c.share_weights->bits = *r.share_bits;
  }
  refuse_alone(r, c);
  if (r.global) c.prune->global = true;
  file.compression = c;
  return file;
}

namespace {

Bits bits_of(Bytes b) { return Bits{8 * b.count()}; }

FilterStorage storage(const Layer& l, const Tensor& weights, Bits word) {
  const auto index = few_values(weights.data(), l.codebook_bits) ? l.codebook_bits : 0;
  const auto nest = *l.nest();
  sim::Box whole;
  whole.extent = nest.extent;
  const auto coded = [&](FilterCode filters, bool codebook) {
    RunLengthCode code;
    code.filters = filters;
    code.codebook = codebook;
    const FilterCoder coder{code, word, index, weights.data()};
    return bits_of(coder.bytes(coder.pairs(weights, nest, whole)) + coder.codebook());
  };
  return {.dense = Bits{l.weight_words().count() * word.count()},
          .run_length = coded(FilterCode::RunLength, false),
          .csc = coded(FilterCode::Csc, false),
          .codebook = coded(FilterCode::Csc, true)};
}

/// The layers with filters, one for all steps that share them.
std::vector<std::vector<const Layer*>> with_filters(const Network& network) {
  std::vector<std::vector<const Layer*>> all;
  for (const auto& l : network.layers()) {
    if (!l.has_filters()) continue;
    const auto it =
        std::ranges::find_if(all, [&](const auto& steps) { return steps[0]->weights_name() == l.weights_name(); });
    if (it == all.end())
      all.push_back({&l});
    else
      it->push_back(&l);
  }
  return all;
}

Macs macs_of(const std::vector<const Layer*>& steps) {
  Macs all{};
  for (const auto* l : steps) all += l->macs();
  return all;
}

}  // namespace

namespace {

using WordsOf = std::function<Tensor(const Layer&)>;

CompressionReport report_of(const Network& before, const WordsOf& words_before, const Network& after,
                            const WordsOf& words_after, Bits word) {
  const auto old_layers = with_filters(before), new_layers = with_filters(after);
  ensure(old_layers.size() == new_layers.size(), "compression keeps all layers");
  CompressionReport report{.name = after.name(), .layers = {}, .total = {}};
  report.total.name = "total";
  for (std::size_t i = 0; i < old_layers.size(); ++i) {
    const Layer &was = *old_layers[i][0], &is = *new_layers[i][0];
    const Tensor weights = words_after(is);
    report.layers.push_back({.name = is.weights_name(),
                             .parameters_before = was.weight_words() + was.bias_words(),
                             .parameters = is.weight_words() + is.bias_words(),
                             .macs_before = macs_of(old_layers[i]),
                             .macs = macs_of(new_layers[i]),
                             .zeros = Words{std::ranges::count(weights.data(), 0)},
                             .before = storage(was, words_before(was), word),
                             .after = storage(is, weights, word)});
    report.total += report.layers.back();
  }
  return report;
}

NetworkFile uncompressed(NetworkFile file) {
  file.compression.reset();
  return file;
}

/// Trained filters as words that are zero where they are and equal where they are: all that codes look at. Real numbers
/// are rounded with one scale a layer, but none of them to zero.
Tensor words_of(const Layer& l, const Model& model) {
  const auto it = model.parameters.find(l.weights_name() + "/weight");
  Tensor words{l.weight_shape()};
  const auto count = std::ssize(words.data());
  if (it == model.parameters.end() || std::ssize(it->second.real) + std::ssize(it->second.integer) != count)
    throw InputError(l.where, fmt::format("the model has no {}/weight of {} numbers", l.weights_name(), count),
                     "give its numbers");
  constexpr double kMost = std::numeric_limits<std::int16_t>::max();
  const auto& [shape, real, integer] = it->second;
  std::vector<double> values(real.begin(), real.end());
  values.insert(values.end(), integer.begin(), integer.end());
  double most = 0;
  for (const double v : values) most = std::max(most, std::abs(v));
  const double scale = !real.empty() || most > kMost ? kMost / most : 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double word = std::max(1.0, std::round(std::abs(values[i]) * scale));
    if (values[i] != 0) words.data()[i] = static_cast<std::int16_t>(values[i] < 0 ? -word : word);
  }
  return words;
}

/// Bits of a filter word where none are asked for.
Bits own_width(const Model& model) {
  constexpr std::int32_t kMost = 128;
  for (const auto& [name, p] : model.parameters)
    if (name.ends_with("/weight") &&
        (!p.real.empty() || std::ranges::any_of(p.integer, [](auto v) { return v < -kMost || v >= kMost; })))
      return Bits{16};
  return Bits{8};
}

}  // namespace

CompressionReport compression_report(const NetworkFile& asked, std::int64_t seed, Bits word) {
  const WordsOf drawn = [&](const Layer& l) { return seeded_weights(l, word, static_cast<std::uint64_t>(seed)); };
  return report_of(Network::build(uncompressed(asked), 1), drawn, Network::build(asked, 1), drawn, word);
}

CompressionReport compression_report(const Model& asked, const Model& small, Bits word) {
  return report_of(
      Network::build(uncompressed(asked.network), 1), [&](const Layer& l) { return words_of(l, asked); },
      Network::build(small.network, 1), [&](const Layer& l) { return words_of(l, small); }, word);
}

std::string to_table(const CompressionReport& r) {
  const auto kib = [](Bits b) { return static_cast<double>(b.count()) / 8 / 1024; };
  std::string text = fmt::format("{}: parameters and MACs before and after, filters' storage in KiB\n\n", r.name);
  text +=
      fmt::format("{:<20} {:>11} {:>11} {:>14} {:>14} {:>9} {:>11} {:>11} {:>11} {:>11} {:>11}\n", "layer",
                  "parameters", "after", "MACs", "after", "zeros", "dense", "after", "run_length", "csc", "codebook");
  const auto row = [&](const CompressedLayer& l) {
    text += fmt::format("{:<20} {:>11} {:>11} {:>14} {:>14} {:>9} {:>11.1f} {:>11.1f} {:>11.1f} {:>11.1f} {:>11.1f}\n",
                        l.name, l.parameters_before.count(), l.parameters.count(), l.macs_before.count(),
                        l.macs.count(), l.zeros.count(), kib(l.before.dense), kib(l.after.dense),
                        kib(l.after.run_length), kib(l.after.csc), kib(l.after.codebook));
  };
  for (const auto& l : r.layers) row(l);
  row(r.total);
  return text;
}

std::string to_json(const CompressionReport& r) {
  const auto storage_json = [](const FilterStorage& s) {
    return nlohmann::ordered_json{{"dense_bits", s.dense.count()},
                                  {"run_length_bits", s.run_length.count()},
                                  {"csc_bits", s.csc.count()},
                                  {"codebook_bits", s.codebook.count()}};
  };
  const auto layer_json = [&](const CompressedLayer& l) {
    return nlohmann::ordered_json{{"name", l.name},
                                  {"parameters_before", l.parameters_before.count()},
                                  {"parameters", l.parameters.count()},
                                  {"macs_before", l.macs_before.count()},
                                  {"macs", l.macs.count()},
                                  {"zeros", l.zeros.count()},
                                  {"before", storage_json(l.before)},
                                  {"after", storage_json(l.after)}};
  };
  nlohmann::ordered_json j{{"schema", "eyrie.compression/1"}, {"name", r.name}};
  for (const auto& l : r.layers) j["layers"].push_back(layer_json(l));
  j["total"] = layer_json(r.total);
  return j.dump(2) + "\n";
}

namespace {

/// A file's path from the folder that `other` lies in, never a bare name; a name of what is on a shelf as it is.
std::string file_or_name(const std::string& file, const std::string& other) {
  std::error_code error;
  if (file.empty() || !std::filesystem::exists(file, error)) return file;
  const auto near = from_folder_of(file, other);
  return near.find('/') != std::string::npos ? near : "./" + near;
}

void tell(const CompressRequest& request, const CompressionReport& report) {
  fmt::print("{}", request.format == "json" ? to_json(report) : to_table(report));
}

void compress_seeded(const NetworkFile& network, const CompressRequest& request) {
  Diagnostics wrong;
  if (request.global)
    wrong.error({"--global", 0, 0}, fmt::format("{} is not trained, and its layers' filters are alike", network.name),
                "leave it out");
  if (!request.weights.empty())
    wrong.error({"--weights", 0, 0}, fmt::format("{} is not trained: its filters come from a seed", network.name),
                "leave it out");
  wrong.raise_if_any();
  const auto asked = with_compression(network, request);
  tell(request, compression_report(asked, request.seed.value_or(1), Bits{request.word_bits.value_or(16)}));
  if (request.out.empty()) return;
  auto small = shrunk(asked);
  write_file(request.out, write_yaml([&](Fields& f) { describe(f, small); }));
  if (!request.quiet) fmt::print(stderr, "written: {}\n", request.out);
}

void compress_trained(Model model, const CompressRequest& request) {
  Diagnostics wrong;
  if (request.seed)
    wrong.error({"--seed", 0, 0}, fmt::format("{} is trained: its filters come from no seed", model.network.name),
                "leave it out");
  if (!request.weights.empty() && request.out.empty())
    wrong.error({"--weights", 0, 0}, "it is not said where the workload goes", "write -o small.yaml");
  wrong.raise_if_any();
  model.network = with_compression(std::move(model.network), request);
  auto small = compressed(model);
  const auto word = request.word_bits ? Bits{*request.word_bits} : own_width(model);
  tell(request, compression_report(model, small, word));
  if (request.out.empty()) return;
  const auto weights = parameters_path(request.out, request.weights);
  small.calibration = file_or_name(small.calibration, request.out);
  write_model(small, request.out, weights);
  if (!request.quiet) fmt::print(stderr, "written: {} {}\n", request.out, weights);
}

}  // namespace

int compress_command(const CompressRequest& request, const Catalogue& catalogue) {
  auto workload = stated_workload(request.workload, {}, catalogue);
  if (workload.model)
    compress_trained(std::move(*workload.model), request);
  else
    compress_seeded(workload.network, request);
  return 0;
}

void compress_options(CLI::App& compress_it, const std::string& program, int& code) {
  const auto request = std::make_shared<CompressRequest>();
  auto& r = *request;
  compress_it.add_option("workload", r.workload, "a name under configs/workloads, or a file: .yaml, .onnx, .tflite")
      ->required();
  compress_it.add_option("--prune", r.prune, "share of filters that becomes zero, those of least magnitude")
      ->check(CLI::Range(0.0, 1.0));
  compress_it.add_option("--prune-layers", r.prune_layers, "only in these layers")->delimiter(',');
  compress_it.add_flag("--global", r.global, "one threshold for all layers of a trained network");
  compress_it
      .add_option("--shrink", r.shrink, "LAYER=SHARE,...: share of a layer's channels, or of a cell's units, that goes")
      ->delimiter(',');
  compress_it.add_option("--share-weights", r.share_bits, "filters of a layer share 2^BITS values")
      ->check(CLI::Range(1, 12));
  compress_it.add_option("-o,--out", r.out, "file for the smaller workload");
  compress_it.add_option("--weights", r.weights,
                         "file for a trained network's parameters (default: beside the workload)");
  compress_it.add_option("--seed", r.seed, "of the filters of a network that is not trained (default 1)")
      ->check(CLI::NonNegativeNumber);
  compress_it
      .add_option("--word-bits", r.word_bits, "width of a filter word (default 16; 8 for a model of 8-bit integers)")
      ->check(CLI::Range(2, 16));
  compress_it.add_option("--format", r.format, "what is printed")->check(CLI::IsMember({"table", "json"}));
  compress_it.add_flag("--quiet", r.quiet, "do not say what was written");
  compress_it.callback([request, &program, &code] { code = compress_command(*request, Catalogue{program}); });
}

}  // namespace eyrie
