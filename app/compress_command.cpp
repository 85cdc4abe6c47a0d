#include "app/compress_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/ensure.hpp"
#include "base/yaml.hpp"
#include "report/render.hpp"
#include "sim/filter_code.hpp"
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

NetworkFile with_compression(NetworkFile file, const CompressRequest& r) {
  if (!file.compression) file.compression = Compression{};
  Compression& c = *file.compression;
  c.where = file.where;
  if (r.prune) c.prune = Pruning{.share = *r.prune, .global = false, .layers = r.prune_layers};
  for (const auto& s : r.shrink) c.shrink.push_back(shrink_of(s));
  if (r.share_bits) c.share_weights = WeightSharing{.bits = *r.share_bits, .layers = {}};
  return file;
}

namespace {

Bits bits_of(Bytes b) { return Bits{8 * b.count()}; }

FilterStorage storage(const Layer& l, const Tensor& weights, Bits word) {
  const auto nest = *l.nest();
  sim::Box whole;
  whole.extent = nest.extent;
  const auto coded = [&](FilterCode filters, bool codebook) {
    RunLengthCode code;
    code.filters = filters;
    code.codebook = codebook;
    const FilterCoder coder{code, word, l.codebook_bits};
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

CompressionReport compression_report(const NetworkFile& asked, std::int64_t seed, Bits word) {
  NetworkFile plain = asked;
  plain.compression.reset();
  const auto before = Network::build(plain, 1), after = Network::build(asked, 1);
  const auto old_layers = with_filters(before), new_layers = with_filters(after);
  ensure(old_layers.size() == new_layers.size(), "compression keeps all layers");
  CompressionReport report{.name = asked.name, .layers = {}, .total = {}};
  report.total.name = "total";
  const auto drawn = static_cast<std::uint64_t>(seed);
  for (std::size_t i = 0; i < old_layers.size(); ++i) {
    const Layer &was = *old_layers[i][0], &is = *new_layers[i][0];
    const Tensor weights = seeded_weights(is, word, drawn);
    report.layers.push_back({.name = is.weights_name(),
                             .parameters_before = was.weight_words() + was.bias_words(),
                             .parameters = is.weight_words() + is.bias_words(),
                             .macs_before = macs_of(old_layers[i]),
                             .macs = macs_of(new_layers[i]),
                             .zeros = Words{std::ranges::count(weights.data(), 0)},
                             .before = storage(was, seeded_weights(was, word, drawn), word),
                             .after = storage(is, weights, word)});
    report.total += report.layers.back();
  }
  return report;
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

int compress_command(const CompressRequest& request, const Catalogue& catalogue) {
  const auto document = YamlDocument::from_file(catalogue.find(Shelf::Workloads, request.workload));
  const auto asked = with_compression(read_yaml<NetworkFile>(document), request);
  const auto report = compression_report(asked, request.seed, Bits{request.word_bits});
  fmt::print("{}", request.format == "json" ? to_json(report) : to_table(report));
  if (request.out.empty()) return 0;
  auto small = shrunk(asked);
  write_file(request.out, write_yaml([&](Fields& f) { describe(f, small); }));
  if (!request.quiet) fmt::print(stderr, "written: {}\n", request.out);
  return 0;
}

void compress_options(CLI::App& compress_it, const std::string& program, int& code) {
  const auto request = std::make_shared<CompressRequest>();
  auto& r = *request;
  compress_it.add_option("workload", r.workload, "a name under configs/workloads, or a file")->required();
  compress_it.add_option("--prune", r.prune, "share of filters that becomes zero, those of least magnitude")
      ->check(CLI::Range(0.0, 1.0));
  compress_it.add_option("--prune-layers", r.prune_layers, "only in these layers")->delimiter(',');
  compress_it
      .add_option("--shrink", r.shrink, "LAYER=SHARE,...: share of a layer's channels, or of a cell's units, that goes")
      ->delimiter(',');
  compress_it.add_option("--share-weights", r.share_bits, "filters of a layer share 2^BITS values")
      ->check(CLI::Range(1, 12));
  compress_it.add_option("-o,--out", r.out, "file for the smaller workload");
  compress_it.add_option("--seed", r.seed, "of the filters (default 1)")->check(CLI::NonNegativeNumber);
  compress_it.add_option("--word-bits", r.word_bits, "width of a filter word (default 16)")->check(CLI::Range(2, 16));
  compress_it.add_option("--format", r.format, "what is printed")->check(CLI::IsMember({"table", "json"}));
  compress_it.add_flag("--quiet", r.quiet, "do not say what was written");
  compress_it.callback([request, &program, &code] { code = compress_command(*request, Catalogue{program}); });
}

}  // namespace eyrie
