#include "app/workload.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "interchange/model_file.hpp"
#include "interchange/onnx_import.hpp"
#include "interchange/tflite.hpp"
#include "workloads/bind.hpp"
#include "workloads/compression/compress.hpp"
#include "workloads/float_pass.hpp"

namespace eyrie {

namespace fs = std::filesystem;

bool is_foreign_model(const std::string& path) { return path.ends_with(".onnx") || path.ends_with(".tflite"); }

Model read_foreign_model(const std::string& path) {
  if (path.ends_with(".onnx")) return read_onnx(path);
  if (path.ends_with(".tflite")) return read_tflite(path);
  throw InputError({path, 0, 0}, "it is no model that can be read", "name an .onnx or a .tflite file");
}

/// The layers of an imported model with values changed, by way of the file that `eyrie import` would write.
static NetworkFile changed(NetworkFile file, const std::vector<Override>& overrides, const std::string& path) {
  if (overrides.empty()) return file;
  auto document = YamlDocument::from_text(write_yaml([&](Fields& f) { describe(f, file); }), path);
  for (const auto& o : overrides) document.apply(o);
  return read_yaml<NetworkFile>(document);
}

Workload workload_of(const YamlDocument& document) {
  auto model = model_of(document);
  if (!model) return {read_yaml<NetworkFile>(document), {}};
  model->calibration = Catalogue::beside(model->calibration, document.name());
  return {model->network, std::move(model)};
}

Workload stated_workload(const std::string& name, const std::vector<Override>& overrides, const Catalogue& catalogue) {
  if (is_foreign_model(name)) {
    auto model = read_foreign_model(name);
    model.network = changed(std::move(model.network), overrides, name);
    return {model.network, model};
  }
  auto document = YamlDocument::from_file(catalogue.find(Shelf::Workloads, name));
  for (const auto& o : overrides) document.apply(o);
  return workload_of(document);
}

Workload open_workload(const std::string& name, const std::vector<Override>& overrides, const Catalogue& catalogue) {
  auto stated = stated_workload(name, overrides, catalogue);
  if (!stated.model || !stated.network.compression) return stated;
  auto model = compressed(*stated.model);
  return {model.network, std::move(model)};
}

void check_workload(const Workload& workload, const Catalogue& catalogue) {
  const auto network = Network::build(workload.network, 1);
  if (!workload.model) return;
  const auto model = workload.network.compression ? compressed(*workload.model) : *workload.model;
  const auto smaller = Network::build(model.network, 1);
  if (!model.calibration.empty()) (void)catalogue.find(Shelf::Inputs, model.calibration);
  if (model.arithmetic == ModelArithmetic::Float) return check_parameters(smaller, model);
  RealInputs zeros;
  for (const auto& in : smaller.inputs())
    if (!in.zeros) zeros[in.name] = RealTensor{in.shape(smaller.batch())};
  (void)eyrie::bind(smaller, model, zeros);
}

std::string parameters_path(const std::string& workload, const std::string& asked) {
  return asked.empty() ? fs::path(workload).replace_extension(".npz").string() : asked;
}

/// Two files that the catalogue finds again.
static void check_names(const std::string& out, const std::string& weights) {
  Diagnostics wrong;
  if (!out.ends_with(".yaml") && !out.ends_with(".yml"))
    wrong.error({"--out", 0, 0}, fmt::format("{} is no name of a workload file", out), "let it end in .yaml");
  if (!weights.ends_with(".npz"))
    wrong.error({"--weights", 0, 0}, fmt::format("{} is no name for parameters", weights), "let it end in .npz");
  wrong.raise_if_any();
}

int import_model(const ModelImport& request) {
  if (request.model.empty())
    throw InputError({"import", 0, 0}, "it is not said what to import",
                     "name a model (.onnx, .tflite), or another program: timeloop, scalesim, accelergy");
  if (request.out.empty())
    throw InputError({"--out", 0, 0}, "it is not said where the workload goes", "write -o model.yaml");
  const auto weights = parameters_path(request.out, request.weights);
  check_names(request.out, weights);
  const auto model = read_foreign_model(request.model);
  const auto network = Network::build(model.network, 1);
  write_model(model, request.out, weights);
  if (!request.quiet)
    fmt::print("{}: {} layers, {} MACs, {} parameters, {}\nwritten: {} {}\n", network.name(), network.stated_layers(),
               network.macs().count(), network.parameter_words().count(), name_of(model.arithmetic), request.out,
               weights);
  return 0;
}

}  // namespace eyrie
