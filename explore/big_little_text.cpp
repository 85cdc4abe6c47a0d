#include <fmt/format.h>

#include "explore/scenario_parts.hpp"

namespace eyrie {

static std::string row(const std::string& name, const BigLittleFigures& f, const BigLittleTargets& t) {
  const auto deadline = t.deadline ? verdict_word(f.latency, t.percentile, *t.deadline) : "";
  const auto energy = t.energy ? (f.energy <= *t.energy ? "met" : "missed") : "";
  return fmt::format("{:<26} {:>6.3f} {:>12.5f} {:>11.3f} {:>11.3f} {:>11.3f}  {:<11} {}\n", name, f.share,
                     in_mj(f.energy), in_ms(mean_of(f.latency)), in_ms(quantile(f.latency, 0.5)),
                     in_ms(quantile(f.latency, t.percentile / 100)), deadline, energy);
}

static std::string shown(const std::optional<double>& share) { return share ? fmt::format("{:.4f}", *share) : "none"; }

static std::string big_lines(const BigAnswer& b, const BigLittleTargets& t) {
  const auto& o = b.option;
  auto text = fmt::format(
      "{}: {} {}\n", o.name, o.network,
      o.machine.empty()
          ? std::string("in the cloud")
          : fmt::format("on {}, {}", o.machine, o.where == BigPlace::SameChip ? "the same chip" : "a second chip"));
  text += fmt::format("{:<26} {:>6} {:>12} {:>11} {:>11} {:>11}  {:<11} {}\n", "", "share", "device mJ", "mean ms",
                      "p50 ms", fmt::format("p{:g} ms", t.percentile), t.deadline ? "deadline" : "",
                      t.energy ? "energy" : "");
  text += row("this scenario", b.at_share, t) + row("big only", b.big_only, t);
  for (const auto& f : b.sweep)
    text += row(f.share == 0 ? "little only" : f.share == 1 ? "little, then always big" : "", f, t);
  if (t.deadline)
    text += fmt::format("largest share within {:g} ms: by mean {}, at p{:g} {}\n", in_ms(*t.deadline),
                        shown(b.largest.mean), t.percentile, shown(b.largest.percentile));
  if (t.energy) text += fmt::format("largest share within {:g} mJ: {}\n", in_mj(*t.energy), shown(b.largest.energy));
  return text + "\n";
}

std::string to_table(const BigLittleAnswer& a) {
  auto text = fmt::format("{}: {} on {}, {:.3f} ms, {:.5f} mJ\n{:.4g} of all inputs go on to the big network: {}\n\n",
                          a.head.name, a.little.network, a.little.machine, in_ms(a.little.latency),
                          in_mj(a.little.energy), a.share, a.share_origin);
  for (const auto& b : a.big) text += big_lines(b, a.targets);
  if (a.targets.deadline || a.targets.energy)
    text += fmt::format("targets at this share: {}\n", a.targets_met() ? "met" : "missed");
  return text + trust_lines(a.head) + "Chips: simulated cycles; energy with DRAM, mean over inputs.\n";
}

static std::string csv_row(const BigAnswer& b, const std::string& what, const BigLittleFigures& f,
                           const BigLittleAnswer& a) {
  const auto& t = a.targets;
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(b.option.name), name_of(b.option.where), what,
                     f.share, in_uj(f.energy), in_uj(f.cloud_energy), in_ms(mean_of(f.latency)),
                     in_ms(quantile(f.latency, 0.5)), in_ms(quantile(f.latency, t.percentile / 100)),
                     t.deadline ? verdict_word(f.latency, t.percentile, *t.deadline) : "",
                     t.energy ? (f.energy <= *t.energy ? "met" : "missed") : "", csv_not_modelled(a.head));
}

std::string to_csv(const BigLittleAnswer& a) {
  auto text = fmt::format(
      "big,where,row,share,device_energy_uj,cloud_energy_uj,mean_ms,p50_ms,p{:g}_ms,deadline,energy,not_modelled\r\n",
      a.targets.percentile);
  for (const auto& b : a.big) {
    text += csv_row(b, "scenario", b.at_share, a) + csv_row(b, "big_only", b.big_only, a);
    for (const auto& f : b.sweep) text += csv_row(b, "sweep", f, a);
  }
  return text;
}

}  // namespace eyrie
