#include "app/trained.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/precision.hpp"
#include "base/random.hpp"
#include "interchange/image.hpp"
#include "workloads/fidelity.hpp"
#include "workloads/float_pass.hpp"
#include "workloads/quantise.hpp"

namespace eyrie {

namespace {

/// Samples that ranges are found with, where a file has more.
constexpr std::int64_t kCalibrationSamples = 64;

/// The one input that is looked at; states of cells before their first step are none.
const NetworkInput& only_input(const NetworkFile& file, const Place& asked) {
  if (file.inputs.size() == 1) return file.inputs.front();
  throw InputError(asked, fmt::format("{} has {} inputs, and one file is given", file.name, file.inputs.size()),
                   "leave it out: inputs are then drawn from the seed");
}

std::string told(const Pixels& p) {
  if (p == Pixels{}) return "pixels as they are";
  auto text = fmt::format("pixels / {:g}", p.divide);
  if (!p.mean.empty()) text += fmt::format(" - ({:g})", fmt::join(p.mean, ", "));
  if (!p.deviation.empty()) text += fmt::format(", over ({:g})", fmt::join(p.deviation, ", "));
  return text;
}

struct ReadPixels {
  Pixels pixels;
  std::string text;
};
ReadPixels pixels_of(const Model& model, const std::string& input) {
  if (const auto it = model.pixels.find(input); it != model.pixels.end()) return {it->second, told(it->second)};
  const auto code = model.codes.find(input);
  const Pixels assumed =
      code == model.codes.end() ? Pixels{.divide = 255, .mean = {}, .deviation = {}} : assumed_pixels(code->second);
  return {assumed, told(assumed) + " (assumed)"};
}

std::string input_file(const std::string& name, const Catalogue& catalogue) {
  return catalogue.find(Shelf::Inputs, name);
}

/// Numbers that an input may hold, from the seed: words of its code, else pixels.
RealTensor drawn_input(const Network& network, const NetworkInput& in, const Model& model, std::uint64_t seed) {
  RealTensor t{in.shape(network.batch())};
  Random random{seed, "input/" + in.name};
  const auto code = model.codes.find(in.name);
  if (code != model.codes.end()) {
    const auto& c = code->second;
    for (auto& v : t.data()) v = static_cast<float>(c.real(random.between(c.least, c.most) - c.zero_point));
    return t;
  }
  const auto read = pixels_of(model, in.name).pixels;
  const auto plane = in.rows * in.columns;
  std::int64_t i = 0;
  for (auto& v : t.data())
    v = static_cast<float>(read.real(static_cast<double>(random.between(0, 255)), i++ / plane % in.channels));
  return t;
}

RealInputs inputs_of(const Network& network, const NetworkFile& file, const Model& model,
                     const std::optional<RealTensor>& given, std::uint64_t seed) {
  RealInputs all;
  for (const auto& in : network.inputs()) {
    const auto stated = std::ranges::find(file.inputs, in.name, &NetworkInput::name);
    if (stated == file.inputs.end()) continue;  // a state before its first step
    all[in.name] = given ? *given : drawn_input(network, in, model, seed);
  }
  return all;
}

/// What ranges are found with: the file asked for, else the model's, else the run's inputs.
CalibrationInputs calibration_of(const Experiment& e, const Workload& workload, const RealInputs& inputs,
                                 const Catalogue& catalogue, std::string& told_of) {
  const auto file = !e.calibration.empty() ? e.calibration : workload.model->calibration;
  if (file.empty()) {
    told_of = "ranges of this run's input";
    return {.batches = {inputs}};
  }
  const auto& in = only_input(workload.network, {"--calibrate", 0, 0});
  const auto samples = read_samples(input_file(file, catalogue), in, pixels_of(*workload.model, in.name).pixels);
  CalibrationInputs all;
  const auto most = std::min(samples.count(), kCalibrationSamples);
  for (std::int64_t i = 0; i < most; ++i) all.batches.push_back({{in.name, samples.part(i, 1)}});
  told_of = fmt::format("ranges of {} samples of {}", most, file);
  return all;
}

PrecisionPlan plan_of(const std::optional<PrecisionRequest>& asked, const Widths& machine) {
  PrecisionPlan plan;
  plan.all.weights = std::min(Bits{16}, machine.weight);
  plan.all.activations = std::min(Bits{16}, machine.input);
  if (!asked) return plan;
  apply(plan.all, asked->all);
  plan.layers.assign(asked->layers.begin(), asked->layers.end());
  plan.where = asked->all.where;
  return plan;
}

void refuse_psums(const PrecisionRequest& asked) {
  Diagnostics wrong;
  const auto check = [&](const LayerPrecision& p) {
    if (p.psums) wrong.error(p.where, "psums of a trained network have 32 bits", "leave `psums` out");
  };
  check(asked.all);
  std::ranges::for_each(asked.layers, check);
  wrong.raise_if_any();
}

std::string told(const PrecisionPlan& plan, const std::string& ranges) {
  auto text = fmt::format("weights {} b, activations {} b", plan.all.weights.count(), plan.all.activations.count());
  if (!plan.layers.empty()) text += fmt::format(", {} layers otherwise", plan.layers.size());
  return text + fmt::format(", {} ", name_of(plan.all.range)) + ranges;
}

}  // namespace

std::optional<GivenInput> given_input(const Experiment& e, const Workload& workload, const Catalogue& catalogue) {
  const bool ranges = workload.model && workload.model->arithmetic == ModelArithmetic::Float;
  if (!e.calibration.empty() && !ranges)
    throw InputError({"--calibrate", 0, 0},
                     fmt::format("{} has no real numbers to find ranges of", workload.network.name),
                     "leave it out, or give a float model");
  if (e.input.empty()) return std::nullopt;
  const Place asked{"--input", 0, 0};
  if (!workload.model)
    throw InputError(asked,
                     fmt::format("{} is not trained: it has no parameters to answer with", workload.network.name),
                     "choose a workload with a `model`, an .onnx or a .tflite file");
  const auto& in = only_input(workload.network, asked);
  const auto read = pixels_of(*workload.model, in.name);
  const auto file = input_file(e.input, catalogue);
  const auto code = workload.model->codes.find(in.name);
  const bool coded = code != workload.model->codes.end();
  const bool bytes = coded && file.ends_with(".bin");
  return GivenInput{read_samples(file, in, read.pixels, coded ? std::optional{code->second} : std::nullopt),
                    bytes            ? "bytes of the input tensor"
                    : is_image(file) ? read.text
                                     : "whole numbers: " + read.text + "; real ones as they are"};
}

std::int64_t batch_of(const Experiment& e, const std::optional<GivenInput>& given) {
  if (!given) return e.batch;
  const auto samples = given->samples.count();
  if (e.batch != 1 && e.batch != samples)
    throw InputError({"--batch", 0, 0},
                     fmt::format("{} holds {} samples, and the batch is {}", e.input, samples, e.batch),
                     "leave the batch out");
  if (samples > 1 && given->samples.steps > 1)
    throw InputError({"--input", 0, 0}, fmt::format("{} holds {} sequences", e.input, samples), "give one at a time");
  return samples;
}

std::shared_ptr<const Trained> trained(const Experiment& e, const Network& network, const Workload& workload,
                                       const std::optional<GivenInput>& given, const Widths& machine,
                                       const Catalogue& catalogue) {
  auto all = std::make_shared<Trained>();
  const auto& model = *workload.model;
  std::optional<RealTensor> data;
  if (given) {
    data = given->samples.data;
    all->names = given->samples.names;
    all->labels = given->samples.labels;
    all->input = e.input;
    all->pixels = given->pixels;
  }
  all->inputs = inputs_of(network, workload.network, model, data, static_cast<std::uint64_t>(e.seed));
  if (e.precision) refuse_psums(*e.precision);
  if (model.arithmetic == ModelArithmetic::Float) {
    const auto plan = plan_of(e.precision, machine);
    const bool has_samples = !e.calibration.empty() || !model.calibration.empty();
    const auto computed = has_samples ? Network::build(workload.network, 1) : network;  // samples go one by one
    std::string ranges;
    const auto calibration = calibration_of(e, workload, all->inputs, catalogue, ranges);
    all->integer = quantised(computed, model, calibration, plan);
    all->real = model;
    all->precision = told(plan, ranges);
  } else {
    if (e.precision && option_text(*e.precision) != (e.precision->packed ? "packed: true" : ""))
      throw InputError(e.precision->all.where, fmt::format("{} is quantised already", network.name()),
                       "give a model of real numbers, or `packed: true` alone");
    all->integer = model;
    all->real = dequantised(network, model);
  }
  all->data = eyrie::bind(network, all->integer, all->inputs);
  return all;
}

namespace {

std::size_t number_of(const Network& network, const std::string& layer) {
  const auto layers = network.layers();
  return static_cast<std::size_t>(std::ranges::find(layers, layer, &Layer::name) - layers.begin());
}

/// The layer whose words are the answer: the last that is no softmax, on the way to the first output.
std::size_t answering(const Network& network, const std::vector<LayerFidelity>& all) {
  auto at = number_of(network, std::ranges::find_if(all, &LayerFidelity::is_output)->layer);
  for (;;) {
    const Layer& l = network.layers()[at];
    if (l.type != LayerType::Softmax && l.type != LayerType::Reshape) return at;
    const auto before = number_of(network, l.inputs.front());
    if (before == network.layers().size()) return at;
    at = before;
  }
}

/// Layers with a nest that the machine did not compute: on the host, or not asked for.
std::vector<std::string> elsewhere(const PreparedExperiment& p) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < p.network.layers().size(); ++i) {
    const Layer& l = p.network.layers()[i];
    const bool simulated =
        std::ranges::any_of(p.layers, [&](const PlannedLayer& planned) { return planned.number == i; });
    if (!simulated && l.nest()) all.push_back(l.name);
  }
  return all;
}

LayerSqnr sqnr_of(const LayerFidelity& f) {
  const auto db = f.value.sqnr_db();
  const bool equal = f.value.noise == 0;
  return {.layer = f.layer, .db = equal ? std::nullopt : db, .equal = equal};
}

/// One image of a tensor.
template <class T>
std::vector<double> numbers(const BasicTensor<T>& t, std::int64_t n, std::int64_t batch, double scale) {
  const auto each = t.shape().elements() / batch;
  std::vector<double> all;
  for (auto i = n * each; i < (n + 1) * each; ++i)
    all.push_back(scale * static_cast<double>(t.data()[static_cast<std::size_t>(i)]));
  return all;
}

SampleAnswer sample_of(const Trained& t, std::int64_t n, std::int64_t batch, const Tensor& words,
                       const RealTensor& real, const TensorCode& code) {
  SampleAnswer s{.name = n < std::ssize(t.names) ? t.names[static_cast<std::size_t>(n)] : std::to_string(n),
                 .label = {},
                 .raw = {},
                 .outputs = numbers(words, n, batch, code.scale),
                 .real_outputs = numbers(real, n, batch, 1.0)};
  if (n < std::ssize(t.labels)) s.label = t.labels[static_cast<std::size_t>(n)];
  s.chip = std::ranges::max_element(s.outputs) - s.outputs.begin();
  s.real = std::ranges::max_element(s.real_outputs) - s.real_outputs.begin();
  for (const double w : numbers(words, n, batch, 1.0)) s.raw.push_back(static_cast<std::int64_t>(w) + code.zero_point);
  return s;
}

}  // namespace

Answer answer_of(const PreparedExperiment& p, const ForwardPass& words, unsigned jobs) {
  const Trained& t = *p.trained;
  const Network& network = p.network;
  const FloatPass real{network, t.real, t.inputs, jobs};
  const auto all = fidelity(network, real, words, t.data);
  const auto at = answering(network, all);
  Answer answer{.input = t.input,
                .pixels = t.pixels,
                .arithmetic = std::string(name_of(t.integer.arithmetic)),
                .precision = t.precision,
                .output = network.layers()[at].name,
                .class_names = t.integer.labels,
                .samples = {},
                .at_output = {},
                .layers = {}};
  const bool softmax =
      std::ranges::any_of(network.layers(), [](const Layer& l) { return l.type == LayerType::Softmax; });
  answer.from_integers = t.precision.empty();
  answer.classifies = softmax || !t.integer.labels.empty() || !t.labels.empty();
  answer.computed_elsewhere = elsewhere(p);
  for (const auto& f : all) {
    answer.layers.push_back(sqnr_of(f));
    if (f.layer == answer.output) answer.at_output = answer.layers.back();
  }
  const Tensor& output = words.output(at);
  for (std::int64_t n = 0; n < network.batch(); ++n)
    answer.samples.push_back(sample_of(t, n, network.batch(), output, real.output(at), t.data.codes[at]));
  return answer;
}

}  // namespace eyrie
