#include "interchange/timeloop_stats.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

static double ratio(double a, double b) { return b == 0 ? 0 : a / b; }

std::string timeloop_stats_text(const TimeloopStats& s) {
  const auto cycles = static_cast<double>(s.cycles.count());
  const auto macs = static_cast<double>(s.macs.count());
  double total = 0;
  std::size_t longest = 5;  // "Total"
  for (const auto& [name, energy] : s.energy) {
    total += energy.count();
    longest = std::max(longest, name.size());
  }
  const auto operations = std::max(0.0, 2 * macs - static_cast<double>(s.outputs.count()));
  std::string text = "Summary Stats\n-------------\n";
  text += fmt::format("GFLOPs (@1GHz): {:.2f}\n", ratio(operations, cycles));
  text += fmt::format("Utilization: {:.2f}%\n", 100 * s.utilization);
  text += fmt::format("Cycles: {}\n", s.cycles.count());
  text += fmt::format("Energy: {:.2f} uJ\n", total / 1e6);
  text += fmt::format("EDP(J*cycle): {:.2e}\n", cycles * total / 1e12);
  text += fmt::format("\nComputes = {}\npJ/Compute\n", s.macs.count());
  for (const auto& [name, energy] : s.energy)
    text += fmt::format("    {:<{}} = {:.2f}\n", name, longest, ratio(energy.count(), macs));
  text += fmt::format("    {:<{}} = {:.2f}\n", "Total", longest, ratio(total, macs));
  return text;
}

}  // namespace eyrie
