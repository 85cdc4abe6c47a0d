#include "app/precision.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dataflows/legality.hpp"
#include "energy/precision.hpp"

namespace eyrie {

static void describe_widths(Fields& f, LayerPrecision& l) {
  describe_words(f, l);
  f.optional("psums", l.psums, "bits of psums, of networks without training", Between(2, 32));
}

static void describe(Fields& f, LayerPrecision& l) {
  f.about("other widths of one layer");
  f.place(l.where);
  f.required("layer", l.layer, "its name, or that of the recurrent layer it is part of");
  describe_widths(f, l);
}

void describe(Fields& f, PrecisionRequest& p) {
  f.about("widths of a network's words, where they are not the machine's");
  f.place(p.all.where);
  describe_widths(f, p.all);
  f.optional("packed", p.packed, "several narrow words lie in one of the machine's; otherwise each takes a whole one");
  f.optional("layers", p.layers, "layers with other widths");
}

PrecisionRequest read_precision(const std::string& text) {
  return read_yaml<PrecisionRequest>(YamlDocument::from_text("{" + text + "}", "--precision"));
}

/// `key: value` of all that is stated.
static std::vector<std::string> stated(const LayerPrecision& p) {
  std::vector<std::string> all;
  const auto bits = [&](const char* key, const std::optional<Bits>& b) {
    if (b) all.push_back(fmt::format("{}: {} b", key, b->count()));
  };
  if (!p.layer.empty()) all.push_back("layer: " + p.layer);
  bits("weights", p.weights);
  bits("activations", p.activations);
  bits("psums", p.psums);
  if (p.per_channel) all.push_back(fmt::format("per_channel: {}", *p.per_channel));
  if (p.range) all.push_back(fmt::format("range: {}", name_of(*p.range)));
  if (p.percentile) all.push_back(fmt::format("percentile: {}", *p.percentile));
  if (p.unsigned_range) all.push_back(fmt::format("unsigned_range: {}", *p.unsigned_range));
  return all;
}

std::string option_text(const PrecisionRequest& p) {
  auto all = stated(p.all);
  if (p.packed) all.emplace_back("packed: true");
  std::vector<std::string> layers;
  for (const auto& l : p.layers) layers.push_back(fmt::format("{{{}}}", fmt::join(stated(l), ", ")));
  if (!layers.empty()) all.push_back(fmt::format("layers: [{}]", fmt::join(layers, ", ")));
  return fmt::format("{}", fmt::join(all, ", "));
}

static const LayerPrecision* of_layer(const PrecisionRequest& request, const Layer& l) {
  const auto it = std::ranges::find_if(
      request.layers, [&](const LayerPrecision& p) { return p.layer == l.name || p.layer == l.part_of; });
  return it == request.layers.end() ? nullptr : &*it;
}

/// Of all and of layers.
static std::vector<const LayerPrecision*> stated_precisions(const PrecisionRequest& request) {
  std::vector<const LayerPrecision*> all{&request.all};
  for (const auto& l : request.layers) all.push_back(&l);
  return all;
}

/// Words from a seed have no ranges to be found, and two values at least.
static void drawn(const LayerPrecision& p) {
  if (p.weights == Bits{1} || p.activations == Bits{1})
    throw InputError(p.where, "words of 1 bit are not drawn from a seed", "give 2 bits, or a trained network");
  if (p.per_channel || p.range || p.percentile || p.unsigned_range)
    throw InputError(p.where, "only words of a trained network have scales and ranges",
                     "leave per_channel, range, percentile and unsigned_range out");
}

std::vector<Widths> layer_widths(const PrecisionRequest& request, const Network& network, const Widths& machine) {
  const auto layers = network.layers();
  for (const auto* p : stated_precisions(request)) drawn(*p);
  for (const auto& p : request.layers)
    if (std::ranges::none_of(layers, [&](const Layer& l) { return l.part_of == p.layer; }))
      (void)network.layer(p.layer, p.where);
  std::map<std::string, Bits> written;  // by who makes the words
  for (const auto& in : network.inputs()) written[in.name] = request.all.activations.value_or(machine.input);
  std::vector<Widths> all;
  for (const auto& l : layers) {
    const auto* own = of_layer(request, l);
    const auto said = [&](std::optional<Bits> LayerPrecision::*of_one, const std::optional<Bits>& of_all, Bits else_) {
      return own && own->*of_one ? *(own->*of_one) : of_all.value_or(else_);
    };
    Widths w{.input = Bits{},
             .weight = said(&LayerPrecision::weights, request.all.weights, machine.weight),
             .psum = said(&LayerPrecision::psums, request.all.psums, machine.psum),
             .output = said(&LayerPrecision::activations, request.all.activations, machine.output)};
    for (const auto& in : l.inputs) w.input = std::max(w.input, written.at(in));
    written[l.name] = w.output;
    all.push_back(w);
  }
  return all;
}

namespace {

/// Machines and prices for precisions, each made once.
class Derived {
 public:
  explicit Derived(const PreparedExperiment& p) : p_{p} {}

  std::shared_ptr<const LayerMachine> at(const WordStorage& precision, const Layer& l) {
    if (precision.words == p_.architecture.words || std::ranges::count(refused_, precision)) return nullptr;
    for (const auto& m : made_)
      if (m->precision == precision) return m;
    try {
      made_.push_back(std::make_shared<const LayerMachine>(
          LayerMachine{.precision = precision,
                       .architecture = at_precision(p_.architecture, precision),
                       .table = at_precision(p_.table, p_.architecture, precision.words, precision.packing)}));
    } catch (const InputError& e) {
      refused_.push_back(precision);  // said once, at the first layer
      for (const auto& d : e.diagnostics()) wrong_.error(l.where, l.name + ": " + d.problem, d.remedy);
      return nullptr;
    }
    return made_.back();
  }
  Diagnostics& wrong() { return wrong_; }

 private:
  const PreparedExperiment& p_;
  std::vector<std::shared_ptr<const LayerMachine>> made_;
  std::vector<WordStorage> refused_;
  Diagnostics wrong_;
};

/// Mappings that were chosen for the machine's own words.
void keep_or_drop(PlannedLayer& l, const PreparedExperiment& p, const Layer& layer, Diagnostics& wrong) {
  if (l.mapping.nest.empty()) return;
  const auto& a = l.machine->architecture;
  if (p.experiment.mappings.empty()) {
    if (a.words != p.architecture.words || a.port_share != p.architecture.port_share) l.mapping = {};
    return;
  }
  Diagnostics broken;
  legality(l.mapping, l.nest, a, layer.where, broken);
  for (const auto& d : broken.all()) wrong.error(d.place, layer.name + ": " + d.problem, d.remedy);
}

}  // namespace

void use_widths(PreparedExperiment& p, const std::vector<Widths>& widths, Packing packing) {
  Derived derived{p};
  for (auto& l : p.layers) {
    const Layer& layer = p.network.layers()[l.number];
    if (l.nest.reduction == Reduction::Maximum && widths[l.number].psum < widths[l.number].input)
      derived.wrong().error(layer.where,
                            fmt::format("{}: psums of {} b do not hold the maximum of inputs of {} b", layer.name,
                                        widths[l.number].psum.count(), widths[l.number].input.count()),
                            "make psums at least as wide");
    l.machine = derived.at({.words = widths.at(l.number), .packing = packing}, layer);
    if (l.machine) keep_or_drop(l, p, layer, derived.wrong());
  }
  derived.wrong().raise_if_any();
  p.widths = widths;
}

LayerMachines layer_machines(const PreparedExperiment& p) {
  LayerMachines all;
  for (const auto& l : p.layers)
    if (l.machine) all[p.network.layers()[l.number].name] = l.machine;
  return all;
}

}  // namespace eyrie
