#include <fmt/format.h>

#include "explore/scenario_parts.hpp"

namespace eyrie {

static std::string layer_lines(const OffloadAnswer& a) {
  auto text = fmt::format("{:<24} {:<17} {:>10} {:>11} {:>10} {:>10}  {:<12} {}\n", "layer", "op", "device ms",
                          "device mJ", "cloud ms", "sends kB", "cost", "best");
  const auto& best = a.best_plan();
  const auto sends = [&](std::size_t i) {
    for (const auto& t : a.network.tensors)
      if (t.producer == i) return fmt::format("{:.3f}", static_cast<double>(t.bits.count()) / 8e3);
    return std::string("-");
  };
  for (const auto& t : a.network.tensors)
    if (!t.producer)
      text += fmt::format("{:<24.24} {:<17} {:>10} {:>11} {:>10} {:>10.3f}\n", t.name, "input", "-", "-", "-",
                          static_cast<double>(t.bits.count()) / 8e3);
  for (std::size_t i = 0; i < a.network.layers.size(); ++i) {
    const auto& l = a.network.layers[i];
    text += fmt::format("{:<24.24} {:<17.17} {:>10.3f} {:>11.4f} {:>10.4f} {:>10}  {:<12} {}\n", l.name, l.op,
                        in_ms(l.device_latency), in_mj(l.device_energy), in_ms(l.cloud_latency), sends(i),
                        name_of(l.basis), name_of(best.sides[i]));
  }
  return text;
}

static std::string option_lines(const OffloadAnswer& a) {
  auto text = fmt::format("{:<24} {:>11} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}  {}\n", "choice", "device mJ",
                          "compute", "radio", "waiting", "mean ms", "p50 ms",
                          fmt::format("p{:g} ms", a.terms.percentile), a.deadline ? "deadline" : "");
  for (const auto& [name, p] : a.options) {
    text += fmt::format("{:<24} {:>11.4f} {:>10.4f} {:>10.4f} {:>10.4f} {:>10.2f} {:>10.2f} {:>10.2f}  {}\n", name,
                        in_mj(p.device_energy()), in_mj(p.compute), in_mj(p.radio), in_mj(p.waiting),
                        in_ms(mean_of(p.latency)), in_ms(quantile(p.latency, 0.5)),
                        in_ms(quantile(p.latency, a.terms.percentile / 100)),
                        a.deadline ? verdict_word(p.latency, a.terms.percentile, a.deadline->value) : "");
    if (name.starts_with("best")) text += fmt::format("    {}\n", p.where(a.network));
  }
  return text;
}

std::string to_table(const OffloadAnswer& a) {
  auto text = fmt::format("{}: {} on {}, an input at a time\n\n{}\n{}\n", a.head.name, a.workload, a.machine,
                          layer_lines(a), option_lines(a));
  const auto& best = a.best_plan();
  text += fmt::format("least {}: {}\n", name_of(a.objective), best.where(a.network));
  if (a.deadline)
    text += fmt::format("deadline {:g} ms: {} of inputs within it there; at p{:g} {}\n", in_ms(a.deadline->value),
                        fmt::format("{:.1f} %", 100 * share_within(best.latency, a.deadline->value)),
                        a.terms.percentile, a.deadline_met() ? "met" : "missed");
  return text + "\n" + trust_lines(a.head) +
         "Device: simulated cycles; energy with DRAM. Device, link and cloud take turns; a message a tensor.\n";
}

static std::string csv_row(const std::string& name, const OffloadPlan& p, const OffloadAnswer& a) {
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(name), csv_field(p.where(a.network)),
      in_uj(p.device_energy()), in_uj(p.compute), in_uj(p.radio), in_uj(p.waiting), in_uj(p.cloud),
      in_ms(mean_of(p.latency)), in_ms(quantile(p.latency, 0.5)), in_ms(quantile(p.latency, a.terms.percentile / 100)),
      p.messages, p.sent.count(), p.received.count(),
      a.deadline ? fmt::format("{}", share_within(p.latency, a.deadline->value)) : "",
      a.deadline ? verdict_word(p.latency, a.terms.percentile, a.deadline->value) : "", csv_not_modelled(a.head));
}

std::string to_csv(const OffloadAnswer& a) {
  auto text = fmt::format(
      "choice,where,device_energy_uj,compute_uj,radio_uj,waiting_uj,cloud_energy_uj,mean_ms,p50_ms,p{:g}_ms,messages,"
      "sent_bits,received_bits,share_within_deadline,deadline,not_modelled\r\n",
      a.terms.percentile);
  for (const auto& [name, plan] : a.options) text += csv_row(name, plan, a);
  for (std::size_t i = 0; i < a.prefixes.size(); ++i)
    text += csv_row(fmt::format("first {} layers local", i), a.prefixes[i], a);
  return text;
}

}  // namespace eyrie
