#include <fmt/format.h>

#include <algorithm>

#include "report/elsewhere.hpp"
#include "report/html_parts.hpp"
#include "report/html_sections.hpp"
#include "report/html_style.hpp"
#include "report/render.hpp"
#include "report/verdict.hpp"

namespace eyrie {

using namespace html;

static std::string verdict_banner(const ExperimentResult& r) {
  const auto verdict = verdict_of(r);
  const bool good = verdict.standing == Standing::Equal;
  std::string text = fmt::format("<p class=\"verdict {}\"><span aria-hidden=\"true\">{}</span> {}",
                                 good ? "good" : "bad", good ? "&#10003;" : "&#10007;", escaped(verdict.sentence));
  for (const auto& l : r.layers)
    if (l.deadlock)
      text += fmt::format("<br>{}, in the pass that began at cycle {}: {}", escaped(l.name),
                          grouped(l.deadlock->at.count()), escaped(l.deadlock->wait_for));
  return text + "</p>\n";
}

static std::string cards(const ExperimentResult& r) {
  const Figures& t = r.totals;
  const auto chip = t.energy.on_chip();
  const double peak = 2e-9 * r.architecture.core().count() * static_cast<double>(r.architecture.pes());
  const char* simulated = "simulated cycles / clock";
  const char* priced = "simulated counts &times; table";
  const auto wanted = std::ranges::find(r.targets, "tops_per_w", &TargetVerdict::name);
  const auto target = wanted == r.targets.end() || wanted->basis != "with DRAM"
                          ? std::string(priced)
                          : fmt::format("target {} <span class=\"{}\">{}</span>", wanted->wanted,
                                        wanted->met ? "good" : "bad", wanted->met ? "met" : "not met");
  return "<div class=\"cards\">\n" +
         card(r.batch == 1 ? "Latency" : fmt::format("Latency of {} inferences", r.batch),
              fmt::format("{:.2f}", t.latency_s() * 1e3), "ms", simulated) +
         card("Throughput", fmt::format("{:.2f}", r.inferences_per_s()), "inferences/s", simulated) +
         card("Rate", fmt::format("{:.2f}", t.gops()), "GOP/s", fmt::format("of {:.1f} at peak; simulated", peak)) +
         card("Utilization", fmt::format("{:.1f}", 100 * t.utilization()), "% of PE-cycles", "MAC slots, simulated") +
         card("Energy per inference", fmt::format("{:.2f}", r.energy_per_inference_uj() * 1e-3), "mJ with DRAM",
              priced) +
         card("Power", fmt::format("{:.0f} + {:.0f}", t.power_mw(chip), t.power_mw(t.energy.dram)), "mW chip + DRAM",
              priced) +
         card("Efficiency of the chip", fmt::format("{:.3f}", t.tops_per_w(chip)), "TOP/W",
              std::string(priced) + ", without DRAM") +
         card("Efficiency with DRAM", fmt::format("{:.4f}", t.tops_per_w(t.energy.total)), "TOP/W", target) +
         "</div>\n";
}

/// Said where a figure per inference could be taken for the whole network's.
static std::string part_note(const ExperimentResult& r) {
  if (r.left_out.empty()) return {};
  return fmt::format("<p class=\"verdict part\"><b>Part of the network.</b> Not run and in no figure: {}.</p>\n",
                     escaped(fmt::format("{}", fmt::join(r.left_out, ", "))));
}

static std::string host_note(const ExperimentResult& r) {
  std::string all;
  for (const auto& e : elsewhere(r)) {
    const auto names = escaped(fmt::format("{}", fmt::join(e.layers, ", ")));
    if (e.place == PlaceOf::Folded)
      all += " Nothing to do at run time: " + names + ".";
    else
      all += fmt::format(" On the host ({}), cost not modelled and in no figure: {}.", escaped(e.reason), names);
  }
  return "<p class=\"soft\">One MAC is two operations." + all + "</p>\n";
}

static std::string head(const ExperimentResult& r) {
  const auto& a = r.architecture;
  return fmt::format(
             "<header><h1>{}<span class=\"on\"> on {}</span></h1>\n<p class=\"soft\">{} &middot; batch {} "
             "&middot; {} PEs &middot; {:.0f} MHz &middot; {:.0f} nm &middot; fidelity {}</p></header>\n",
             escaped(r.workload_title.empty() ? r.workload : r.workload_title),
             escaped(a.title.empty() ? a.name : a.title), escaped(r.settings.dataflow), r.batch, grouped(a.pes()),
             a.core().count() * 1e-6, a.technology.nm, escaped(r.settings.fidelity)) +
         verdict_banner(r) + part_note(r) + cards(r) + host_note(r) +
         "<nav><a href=\"#targets\">Targets</a><a href=\"#baselines\">Baselines</a><a href=\"#cycles\">Cycles</a><a "
         "href=\"#layers\">Layers</a><a href=\"#components\">Energy by "
         "component</a><a href=\"#tensors\">by tensor</a><a href=\"#traffic\">Traffic</a><a "
         "href=\"#mappings\">Mappings</a><a href=\"#provenance\">Sources</a><a href=\"#again\">Reproduce</a></nav>\n";
}

std::string to_html(const ExperimentResult& r) {
  return fmt::format(
             "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
             "content=\"width=device-width,initial-scale=1\"><title>{} on {}</title><style>{}</style></head>\n"
             "<body><main>\n",
             escaped(r.workload), escaped(r.architecture.name), kStyle) +
         head(r) + targets_section(r) + baselines_section(r) + cycle_section(r) + layer_section(r) +
         energy_by_component_section(r) + energy_by_tensor_section(r) + traffic_section(r) + mapping_section(r) +
         provenance_section(r) + reproduce_section(r) + "</main></body></html>\n";
}

}  // namespace eyrie
