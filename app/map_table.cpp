#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/map_command.hpp"
#include "base/grouped.hpp"

namespace eyrie {

namespace {

double uj(double pj) { return pj * 1e-6; }

double value(Objective o, const Certificate& c) {
  return score_of(o, {Picojoules{c.energy_pj}, Cycles{c.cycles_bound}});
}

std::string_view unit(Objective o) {
  return o == Objective::Cycles ? "cycles" : o == Objective::Edp ? "pJ x cycles" : "pJ";
}

double gap(Objective o, const Certificate& c) {
  if (c.complete || value(o, c) <= 0) return 0;
  return 100 * (value(o, c) - c.lower_bound) / value(o, c);
}

std::string thousands(std::int64_t n) { return grouped(n, " "); }

std::string change(double given, double best) { return fmt::format("{:+.1f} %", 100 * (given - best) / best); }

std::string rows(const MappedNetwork& all) {
  std::string text = fmt::format("{:<12} {:>8} {:>12} {:>13} {:>13} {:>6} {:>9} {:>10} {:>9} {:>8}\n", "layer", "M MAC",
                                 "energy uJ", "cycles >=", "cycles ~", "util%", "space", "nests", "gap %", "s");
  double energy = 0, seconds = 0;
  std::int64_t cycles = 0, estimate = 0;
  for (const auto& l : all.layers) {
    const auto& c = *l.best.front().certificate;
    const auto macs = static_cast<double>(l.nest.macs().count());
    text += fmt::format("{:<12.12} {:>8.1f} {:>12.1f} {:>13} {:>13} {:>6.1f} {:>9} {:>10} {:>9.2f} {:>8.3f}\n", l.layer,
                        macs * 1e-6, uj(c.energy_pj), thousands(c.cycles_bound), thousands(c.cycles_estimate),
                        100 * macs / static_cast<double>(c.cycles_bound * all.pes),
                        fmt::format("1e{:.1f}", c.log10_space), thousands(c.nests), gap(all.objective, c), c.search_s);
    energy += c.energy_pj;
    cycles += c.cycles_bound;
    estimate += c.cycles_estimate;
    seconds += c.search_s;
  }
  if (all.layers.size() > 1)
    text += fmt::format("{:<12} {:>8} {:>12.1f} {:>13} {:>13} {:>6} {:>9} {:>10} {:>9} {:>8.3f}\n", "total", "",
                        uj(energy), thousands(cycles), thousands(estimate), "", "", "", "", seconds);
  return text;
}

std::string front(const MappedLayer& l) {
  std::string text = fmt::format("\n{}: what no other mapping beats in both\n{:>6} {:>12} {:>13} {:>13}\n", l.layer, "",
                                 "energy uJ", "cycles >=", "cycles ~");
  for (const auto& m : l.best)
    text += fmt::format("{:>6} {:>12.1f} {:>13} {:>13}\n", m.certificate->rank, uj(m.certificate->energy_pj),
                        thousands(m.certificate->cycles_bound), thousands(m.certificate->cycles_estimate));
  return text;
}

/// Both rankings: by the closed form and by simulation.
std::string rankings(const MappedLayer& l) {
  std::vector<std::size_t> order(l.simulated.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return l.simulated[k].score; });
  std::string text =
      fmt::format("\n{}: the best by closed form, simulated\n{:>12} {:>9} {:>12} {:>13} {:>14} {:>14}\n", l.layer,
                  "closed form", "simulated", "energy uJ", "cycles >=", "simulated uJ", "cycles");
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto place = static_cast<std::size_t>(std::ranges::find(order, k) - order.begin());
    const auto& c = *l.best[k].certificate;
    const auto& s = l.simulated[k];
    text += fmt::format("{:>12} {:>9} {:>12.1f} {:>13} {:>14.1f} {:>14}{}\n", k + 1, place + 1, uj(c.energy_pj),
                        thousands(c.cycles_bound), uj(s.energy.count()), thousands(s.cycles.count()),
                        s.right ? "" : "  WRONG: not what the reference or the closed form says");
  }
  return text;
}

std::string certificate(const MappedNetwork& all, const MappedLayer& l) {
  const auto& c = *l.best.front().certificate;
  std::string text = fmt::format("\n{}: {:.6g} {}; ", l.layer, value(all.objective, c), unit(all.objective));
  text += c.complete ? fmt::format("nothing in the space is better: lower bound {:.6g}, gap 0.\n", c.lower_bound)
                     : fmt::format("stopped early: nothing in the space is below {:.6g}, gap {:.2f} %.\n",
                                   c.lower_bound, gap(all.objective, c));
  text += fmt::format(
      "  1e{:.1f} mappings; {} partial choices entered from the root bound {:.6g}; {} whole passes, {} whole "
      "nests weighed\n",
      c.log10_space, thousands(c.nodes), c.root_bound, thousands(c.passes), thousands(c.nests));
  text +=
      fmt::format("  dropped: {} by the bound, {} array full, {} buffers full, {} spads full, {} gaps in psum chains\n",
                  thousands(c.bound_cut), thousands(c.array_full), thousands(c.buffers_full), thousands(c.spads_full),
                  thousands(c.gaps));
  if (!c.verified.empty()) text += fmt::format("  verified: {}\n", c.verified);
  if (l.given)
    text +=
        fmt::format("  the mapping that ships ({}): {:.1f} uJ ({}), at least {} cycles ({})\n", l.given_origin,
                    uj(l.given->energy_pj), change(l.given->energy_pj, c.energy_pj), thousands(l.given->cycles_bound),
                    change(static_cast<double>(l.given->cycles_bound), static_cast<double>(c.cycles_bound)));
  return text;
}

}  // namespace

std::string to_table(const MappedNetwork& all) {
  const auto& c = *all.layers.front().best.front().certificate;
  std::string text =
      fmt::format("{} on {}, batch {}: best {} under {}, space {}, prices {}\n\n", all.workload, all.architecture,
                  all.batch, name_of(all.objective), all.dataflow, c.space, all.energy_table);
  text += rows(all);
  for (const auto& l : all.layers) {
    if (all.objective == Objective::Front) text += front(l);
    if (!l.simulated.empty()) text += rankings(l);
  }
  for (const auto& l : all.layers) text += certificate(all, l);
  text +=
      "\nEnergy: closed-form counts x prices, static energy for the cycle bound, biases left out. cycles >= is "
      "proven:\n"
      "no simulation takes fewer; cycles ~ is an estimate. Ifmap words are priced as their stated zeros code.\n";
  return text;
}

std::string to_csv(const MappedNetwork& all) {
  std::string text =
      "layer,rank,objective,energy_pj,cycles_bound,cycles_estimate,lower_bound,complete,log10_space,nodes,nests,"
      "search_s,simulated_cycles,simulated_energy_pj\n";
  for (const auto& l : all.layers)
    for (const auto& m : l.best) {
      const auto& c = *m.certificate;
      text += fmt::format("{},{},{},{:.17g},{},{},{:.17g},{},{:.2f},{},{},{:.6f},{},{:.17g}\n", l.layer, c.rank,
                          c.objective, c.energy_pj, c.cycles_bound, c.cycles_estimate, c.lower_bound, c.complete,
                          c.log10_space, c.nodes, c.nests, c.search_s, c.simulated_cycles, c.simulated_energy_pj);
    }
  return text;
}

}  // namespace eyrie
