#include "energy/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace eyrie {

static void describe(Fields& f, PublishedRun& r) {
  f.about("what was measured on a processor");
  f.place(r.where);
  f.optional("network", r.network, "a network: a name under configs/workloads");
  f.optional("description", r.description, "instead of `network`: what was run, where it does not ship");
  f.optional("layers", r.layers, "of the network, if only these were measured");
  f.optional("macs", r.macs, "of one inference; without them it can not be scaled from", AtLeast(1));
  f.optional("batch", r.batch, "inferences done together", AtLeast(1));
  f.optional("precision", r.precision, "format of the elements");
  f.optional("latency", r.latency, "of a batch", Positive());
  f.optional("inferences_per_s", r.inferences_per_s, "instead of `latency`", Positive());
  f.optional("energy", r.energy, "of one inference", Positive());
  f.optional("power", r.power, "instead of `energy`: drawn meanwhile", Positive());
  f.optional("clock", r.clock, "of the processor", Positive());
  f.optional("conditions", r.conditions, "supply, mode, software");
  f.required("source", r.source, "where the figures come from");
  f.required("confidence", r.confidence, "how much they can be trusted");
  f.optional("energy_confidence", r.energy_confidence, "of energy or power, where it is another");
  f.optional("note", r.note, "how a figure was derived, or what to beware of");
}

void describe(Fields& f, Baseline& b) {
  f.about("a processor with published measurements, to be compared with");
  f.required("kind", b.kind, "`baseline`");
  f.required("name", b.name, "its name");
  f.required("title", b.title, "what it is, in a line");
  f.required("family", b.family, "what kind of processor");
  f.optional("power_of", b.power_of, "what its energies are of, and whether DRAM is in them");
  f.optional("note", b.note, "what to beware of");
  f.optional("silicon", b.silicon, "what it is made in");
  f.required("measurements", b.measurements, "what was measured");
}

std::string PublishedRun::of() const {
  const auto& what = network.empty() ? description : network;
  return layers.empty() ? what : fmt::format("{} {}", what, fmt::join(layers, "+"));
}

std::string PublishedRun::said_precision() const {
  return precision ? std::string(name_of(*precision)) : "precision not stated";
}

std::optional<Seconds> PublishedRun::time() const {
  if (inferences_per_s) return Seconds{1 / *inferences_per_s};
  if (latency) return Seconds{latency->count() / static_cast<double>(batch)};
  return {};
}

std::optional<Picojoules> PublishedRun::energy_per_inference() const {
  if (energy) return energy;
  if (power && time()) return Picojoules{power->mw * 1e9 * time()->count()};  // 1 mW s = 1e9 pJ
  return {};
}

std::optional<double> PublishedRun::gops() const {
  if (!macs || !time()) return {};
  return 2e-9 * static_cast<double>(*macs) / time()->count();
}

std::optional<double> PublishedRun::gops_per_w() const {
  if (!macs || !energy_per_inference()) return {};
  return 2e3 * static_cast<double>(*macs) / energy_per_inference()->count();  // 1 op/pJ = 1000 GOP/s/W
}

Confidence PublishedRun::trust() const { return std::max(confidence, energy_trust()); }

/// What can be wrong with one measurement beyond its single values.
static void check(const PublishedRun& r, bool says_power_of, Diagnostics& wrong) {
  const auto error = [&](std::string problem, const char* remedy) { wrong.error(r.where, std::move(problem), remedy); };
  if (r.network.empty() == r.description.empty())
    error(r.network.empty() ? "the measurement is of nothing" : "the measurement has both a network and a description",
          "write `network:` for one that ships, else `description:`");
  if (!r.layers.empty() && r.network.empty()) error("layers of no network", "write `network:`");
  if (!r.network.empty() && !r.macs) error(r.network + " has no macs", "write how many the measured layers have");
  if (r.latency && r.inferences_per_s) error("both latency and inferences_per_s are given", "one of them");
  if (r.energy && r.power) error("both energy and power are given", "one of them");
  if (!r.time() && !r.energy) error("neither a time nor an energy is given", "latency, inferences_per_s or energy");
  if (r.power && !r.time()) error("a power without a time is no energy", "give latency or inferences_per_s as well");
  if ((r.energy || r.power) && !says_power_of)
    error("an energy is given, and the baseline does not say what of", "write `power_of:`, DRAM included or not");
  if (r.energy_confidence && !r.energy && !r.power)
    error("energy_confidence of no energy", "give energy or power, or leave it out");
  if (r.source.empty()) error("the measurement has no source", "say where the figures come from");
}

Baseline read_baseline(const YamlDocument& document) {
  if (const auto kind = document.top_level_text("kind"); !kind.empty() && kind != "baseline")
    throw InputError(document.place_of("kind"), fmt::format("kind is {}, and a baseline was wanted", kind),
                     "write `kind: baseline`, or name a file of that kind");
  auto baseline = read_yaml<Baseline>(document);
  Diagnostics wrong;
  if (baseline.measurements.empty())
    wrong.error(document.place_of("measurements"), "there is no measurement", "at least one");
  for (const auto& r : baseline.measurements) check(r, !baseline.power_of.empty(), wrong);
  wrong.raise_if_any();
  return baseline;
}

namespace {

double distance(double a, double b) { return std::abs(std::log(a / b)); }
double d(std::int64_t n) { return static_cast<double>(n); }

/// The first of these by an order; null if there is none. `usable` says which are looked at.
template <class Usable, class Key>
const PublishedRun* least(const Baseline& baseline, Usable usable, Key key) {
  const PublishedRun* best = nullptr;
  for (const auto& r : baseline.measurements)
    if (usable(r) && (!best || key(r) < key(*best))) best = &r;
  return best;
}

/// What the figures of a measurement come to for our network.
void compare_by(const PublishedRun& r, const OurFigures& ours, BaselineComparison& c) {
  const double factor = d(ours.macs) / d(*r.macs);
  c.by = r;
  if (const auto time = r.time()) {
    c.latency = *time * factor;
    c.speedup = c.latency->count() / ours.latency.count();
  }
  if (const auto energy = r.energy_per_inference()) {
    c.energy = *energy * factor;
    c.energy_ratio = c.energy->count() / ours.energy.count();
    c.energy_ratio_chip = c.energy->count() / ours.on_chip.count();
  }
}

}  // namespace

std::optional<double> BaselineComparison::normalised_by(const std::optional<double>& published) const {
  if (!normalised || !published) return {};
  return *published * normalised->factor;
}

BaselineComparison compare(const Baseline& baseline, const OurFigures& ours) {
  BaselineComparison c{.name = baseline.name,
                       .title = baseline.title,
                       .power_of = baseline.power_of,
                       .note = baseline.note,
                       .family = baseline.family,
                       .label = {},
                       .by = {},
                       .latency = {},
                       .energy = {},
                       .speedup = {},
                       .energy_ratio = {},
                       .energy_ratio_chip = {},
                       .normalised = {}};
  if (ours.macs == 0 || !(ours.latency.count() > 0) || !(ours.on_chip.count() > 0)) {
    c.label = "not compared: this run has no operations";
    return c;
  }
  const auto rank = [&](const PublishedRun& r) {
    return std::tuple{distance(d(r.batch), d(ours.batch)), -r.gops_per_w().value_or(0), -r.gops().value_or(0)};
  };
  const auto direct = least(
      baseline, [&](const PublishedRun& r) { return r.network == ours.network && r.macs == ours.macs; }, rank);
  const auto scaled = least(
      baseline, [](const PublishedRun& r) { return r.macs.has_value(); },
      [&](const PublishedRun& r) { return std::tuple_cat(std::tuple{distance(d(*r.macs), d(ours.macs))}, rank(r)); });
  if (direct || scaled) compare_by(direct ? *direct : *scaled, ours, c);
  if (c.energy && ours.normalise_to && baseline.silicon)
    c.normalised = normalise(*baseline.silicon, ours.normalise_to->first, ours.normalise_to->second);
  c.likeness = direct ? Likeness::Measured : scaled ? Likeness::Scaled : Likeness::NotCompared;
  c.label = direct   ? "measured on this network"
            : scaled ? fmt::format("scaled from {} by operations", scaled->of())
                     : "not compared: not measured on this network, and no measurement tells its MACs";
  return c;
}

}  // namespace eyrie
