#include "report/not_modelled.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/elsewhere.hpp"

namespace eyrie {

namespace {

using Sentences = std::vector<std::string>;

void add_layers(const ExperimentResult& r, Sentences& all) {
  for (const auto& e : elsewhere(r))
    if (e.place == PlaceOf::Host)
      all.push_back(fmt::format("Time and energy of the host, which computes {}: {}.", fmt::join(e.layers, ", "),
                                e.reason.empty() ? "the workload places them there" : e.reason));
  if (!r.left_out.empty())
    all.push_back(fmt::format("Layers that this run left out: {}.", fmt::join(r.left_out, ", ")));
}

void add_dram(const Architecture& a, Sentences& all) {
  all.push_back(fmt::format(
      "Banks, row hits and conflicts, refresh and the order of requests in DRAM: {} is a link of {:.4g} GB/s with a "
      "latency of {} cycles.",
      a.dram.name, a.dram.bandwidth.count() * a.clock(a.dram.clock).count() * 1e-9, a.dram.latency.count()));
}

/// "component action (note)" of the prices that are as `wanted` says.
template <class Wanted>
Sentences prices_that(const EnergyTable& table, Wanted wanted) {
  Sentences all;
  for (const auto& p : table.prices)
    if (wanted(p))
      all.push_back(fmt::format("{} {}{}", p.component, name_of(p.action),
                                p.note.empty() ? std::string() : fmt::format(" ({})", p.note)));
  return all;
}

void add_prices(const ExperimentResult& r, Sentences& all) {
  const auto& charged = r.totals.energy.lines;
  const auto used = [&](const Price& p) {
    return std::ranges::any_of(charged, [&](const EnergyLine& line) { return &r.table.prices[line.price] == &p; });
  };
  const auto time = prices_that(r.table, [&](const Price& p) { return p.action == Priced::Static && used(p); });
  if (!time.empty())
    all.push_back(
        fmt::format("Clock network, leakage and control one by one: table {} prices time as a whole, {}. What that "
                    "leaves out is in "
                    "no figure.",
                    r.table.name, fmt::join(time, "; ")));
  const auto free = prices_that(r.table, [&](const Price& p) { return p.energy.count() == 0 && used(p); });
  if (!free.empty())
    all.push_back(fmt::format("Actions that cost nothing in table {}: {}.", r.table.name, fmt::join(free, "; ")));
  if (!r.architecture.array.pitch)
    all.push_back(
        "Wires by their length, as the machine states no array.pitch: a word on a network costs what the table asks "
        "for "
        "it, whatever way it goes.");
}

void add_zeros(const Architecture& a, Sentences& all) {
  const Mac& mac = a.array.mac;
  if (mac.zero_skipping != ZeroSkipping::None) {
    all.push_back(
        "What tells a PE which of its words are zero, and the wires past them: it goes on to the next MAC that counts "
        "in "
        "no time, for no energy. Zeros still take their places on networks and in spads.");
    return;
  }
  if (mac.zero_gating || mac.weight_gating)
    all.push_back(fmt::format("Skipping of zeros: the MAC of a zero {} is gated, and its cycle is spent.",
                              !mac.weight_gating ? "input"
                              : mac.zero_gating  ? "input or filter word"
                                                 : "filter word"));
  else
    all.push_back("Gating and skipping of zeros: a zero costs as much time and energy as any other operand.");
}

void add_system(const ExperimentResult& r, Sentences& all) {
  all.push_back("The processor that sets the machine up, layer by layer, and the time that it takes.");
  all.push_back("Overlap of layers: each begins when the one before has left, and what it reads comes from DRAM.");
  all.push_back("Bringing the network's inputs into DRAM and its results out of it.");
  all.push_back("Variation of process, voltage and temperature; the clock is constant.");
  if (!r.answer)
    all.push_back(fmt::format("Accuracy: operands are random data of seed {} with the workload's shares of zeros.",
                              r.settings.seed));
  if (r.answer)
    all.push_back(
        "Requantisation of finished psums (a multiplication and a shift each), the scaling of what is added, and zero "
        "points: words are taken relative to them, for gating, skipping and run lengths too.");
}

}  // namespace

std::vector<std::string> not_modelled(const ExperimentResult& r) {
  Sentences all;
  add_layers(r, all);
  add_dram(r.architecture, all);
  add_prices(r, all);
  add_zeros(r.architecture, all);
  add_system(r, all);
  return all;
}

}  // namespace eyrie
