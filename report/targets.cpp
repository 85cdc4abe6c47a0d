#include "report/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/experiment_result.hpp"

namespace eyrie {

void describe(Fields& f, Targets& t) {
  f.about("what a run is asked to reach");
  f.place(t.where);
  f.optional("tops_per_w", t.tops_per_w, "at least, TOP/s/W", Positive());
  f.optional("latency_ms", t.latency_ms, "at most, of a batch", Positive());
  f.optional("energy_per_inference_uj", t.energy_per_inference_uj, "at most", Positive());
  f.optional("inferences_per_s", t.inferences_per_s, "at least", Positive());
  f.optional("power_mw", t.power_mw, "at most, on average while it runs", Positive());
  f.optional("basis", t.basis, "what energies and powers are of");
}

void describe(Fields& f, Battery& b) {
  f.about("a battery, and how often it is asked for an inference");
  f.place(b.where);
  f.required("capacity_mah", b.capacity_mah, "its charge in mAh", Positive());
  f.required("voltage", b.voltage, "its voltage, taken as constant", Positive());
  f.optional("inferences_per_hour", b.inferences_per_hour, "inferences in an hour", AtLeast(0));
  f.optional("duty", b.duty, "instead: share of time in which inferences run", Between(0, 1));
  f.required("idle_power", b.idle_power, "of all that the battery feeds, while nothing runs", AtLeast(0));
  f.optional("basis", b.basis, "what the energy of an inference is of");
}

Targets standard_targets() {
  Targets t;
  t.tops_per_w = 1;
  return t;
}

void check(const Targets& t, Diagnostics& wrong) {
  if (t.empty())
    wrong.error(t.where, "targets ask for nothing",
                "tops_per_w, latency_ms, energy_per_inference_uj, inferences_per_s or power_mw");
}

void check(const Battery& b, Diagnostics& wrong) {
  if (b.inferences_per_hour.has_value() == b.duty.has_value())
    wrong.error(b.where,
                b.duty ? "both inferences_per_hour and duty are given" : "how often the battery is used is not said",
                "either inferences_per_hour or duty");
}

namespace {

/// Did all that was asked for run to its end, and was there anything?
bool is_complete(const ExperimentResult& r) {
  return r.totals.cycles.count() > 0 &&
         std::ranges::none_of(r.layers, [](const LayerReport& l) { return l.deadlock.has_value(); });
}

Picojoules energy_on(Basis basis, const ExperimentResult& r) {
  return basis == Basis::Chip ? r.totals.energy.on_chip() : r.totals.energy.total;
}

std::string said(Basis basis) { return basis == Basis::Chip ? "chip only" : "with DRAM"; }

}  // namespace

std::vector<TargetVerdict> judge(const Targets& t, const ExperimentResult& r) {
  std::vector<TargetVerdict> all;
  const auto add = [&](const char* name, const char* unit, std::optional<double> wanted, bool at_least, double ours,
                       const std::string& basis) {
    if (!wanted) return;
    const double ahead = (at_least ? ours - *wanted : *wanted - ours) / *wanted;
    all.push_back({.name = name,
                   .unit = unit,
                   .at_least = at_least,
                   .wanted = *wanted,
                   .ours = ours,
                   .met = is_complete(r) && ahead >= 0,
                   .margin = ahead,
                   .basis = basis});
  };
  const Picojoules energy = energy_on(t.basis, r);
  const auto basis = said(t.basis);
  add("tops_per_w", "TOP/W", t.tops_per_w, true, r.totals.tops_per_w(energy), basis);
  add("latency_ms", "ms", t.latency_ms, false, r.totals.latency_s() * 1e3, "time");
  add("energy_per_inference_uj", "uJ", t.energy_per_inference_uj, false,
      energy.count() * 1e-6 / static_cast<double>(r.batch), basis);
  add("inferences_per_s", "1/s", t.inferences_per_s, true, r.inferences_per_s(), "time");
  add("power_mw", "mW", t.power_mw, false, r.totals.power_mw(energy), basis);
  return all;
}

std::string to_text(const TargetVerdict& v) {
  return fmt::format("{}: {:.4g} {}{}, at {} {:.4g} wanted, {}", v.name, v.ours, v.unit,
                     v.basis == "time" ? "" : " " + v.basis, v.at_least ? "least" : "most", v.wanted,
                     v.met          ? fmt::format("met by {:.1f} %", 100 * v.margin)
                     : v.margin < 0 ? fmt::format("missed by {:.1f} %", -100 * v.margin)
                                    : std::string("missed: the run is not complete"));
}

std::optional<BatteryLife> life_of(const Battery& b, const ExperimentResult& r) {
  if (!is_complete(r)) return {};
  BatteryLife life{.asked = b};
  const double seconds = r.totals.latency_s() / static_cast<double>(r.batch);
  life.energy_j = b.capacity_mah * 3.6 * b.voltage.v;
  life.most_per_hour = 3600 / seconds;
  life.duty = b.duty ? *b.duty : b.inferences_per_hour.value_or(0) / life.most_per_hour;
  if (!life.possible()) return life;
  life.average_power_mw = life.duty * r.totals.power_mw(energy_on(b.basis, r)) + (1 - life.duty) * b.idle_power.mw;
  if (life.average_power_mw > 0) life.hours = life.energy_j * 1e3 / life.average_power_mw / 3600;
  life.inferences = life.hours * life.duty * life.most_per_hour;
  return life;
}

std::string to_text(const BatteryLife& life) {
  const auto& b = life.asked;
  const auto battery = fmt::format("battery of {} mAh at {} V", b.capacity_mah, b.voltage.v);
  if (!life.possible())
    return fmt::format("{}: {} inferences an hour are more than the {:.4g} that this machine can do", battery,
                       b.inferences_per_hour.value_or(0), life.most_per_hour);
  if (life.average_power_mw == 0) return battery + ": nothing draws from it";
  return fmt::format(
      "{}: {:.4g} h = {:.4g} days; {:.4g} mW on average, {:.4g} inferences an hour {}, idle at {:.4g} mW", battery,
      life.hours, life.hours / 24, life.average_power_mw, life.duty * life.most_per_hour, said(b.basis),
      b.idle_power.mw);
}

}  // namespace eyrie
