#include "energy/normalise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "energy/scaling.hpp"

namespace eyrie {

void describe(Fields& f, Silicon& s) {
  f.about("what a chip is made in");
  f.place(s.where);
  f.required("node", s.node, "process node", Positive());
  f.optional("voltage", s.voltage, "supply of its logic; else the node's usual one is assumed", Positive());
  f.required("source", s.source, "where that is said");
  f.required("confidence", s.confidence, "how much it can be trusted");
}

Volts nominal_supply(Nanometres node) {
  struct Usual {
    double nm, v;
  };
  static constexpr Usual kUsual[] = {{180, 1.8}, {130, 1.2}, {90, 1.1},  {65, 1.1},  {45, 1.0}, {32, 0.97},
                                     {20, 0.9},  {16, 0.86}, {14, 0.86}, {10, 0.83}, {7, 0.8}};
  if (!(node.nm >= std::rbegin(kUsual)->nm && node.nm <= kUsual[0].nm))
    throw InputError({"", 0, 0}, fmt::format("no usual supply of {} nm is known", node.nm),
                     fmt::format("nodes reach from {} to {} nm", std::rbegin(kUsual)->nm, kUsual[0].nm));
  const auto* small = std::ranges::find_if(kUsual, [&](const Usual& u) { return u.nm <= node.nm; });
  if (small->nm == node.nm) return {small->v};
  const auto* large = small - 1;
  const double way = std::log(large->nm / node.nm) / std::log(large->nm / small->nm);
  return {large->v + way * (small->v - large->v)};
}

Normalised normalise(const Silicon& from, Nanometres to, Volts to_voltage) {
  try {
    Normalised n{.from = from.node,
                 .to = to,
                 .from_voltage = from.voltage ? *from.voltage : nominal_supply(from.node),
                 .to_voltage = to_voltage,
                 .nominal = !from.voltage,
                 .confidence = std::max(from.confidence, from.voltage ? Confidence::Derived : Confidence::Assumed),
                 .source = from.source,
                 .note = {}};
    n.factor = energy_ratio(n.from, n.from_voltage, n.to, n.to_voltage);
    n.within = scaling_width(n.from, n.from_voltage, n.to, n.to_voltage);
    n.note = scaling_note(n.from, n.from_voltage, n.to, n.to_voltage);
    return n;
  } catch (const InputError& e) {
    throw InputError(from.where, e.diagnostics().front().problem, e.diagnostics().front().remedy);
  }
}

}  // namespace eyrie
