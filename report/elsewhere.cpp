#include "report/elsewhere.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

std::vector<Elsewhere> elsewhere(const ExperimentResult& r) {
  std::vector<Elsewhere> all;
  for (const PlaceOf place : {PlaceOf::Host, PlaceOf::Folded})
    for (const auto& l : r.layers) {
      if (l.place != place) continue;
      const auto same = [&](const Elsewhere& e) {
        return e.place == place && (place == PlaceOf::Folded || e.reason == l.reason);
      };
      auto it = std::ranges::find_if(all, same);
      if (it == all.end()) it = all.insert(all.end(), {.place = place, .reason = l.reason, .layers = {}});
      it->layers.push_back(fmt::format("{} ({})", l.name, l.op));
    }
  return all;
}

std::vector<std::string> elsewhere_lines(const ExperimentResult& r) {
  std::vector<std::string> lines;
  for (const auto& e : elsewhere(r)) {
    const auto names = fmt::format("{}", fmt::join(e.layers, ", "));
    if (e.place == PlaceOf::Folded)
      lines.push_back("nothing to do at run time: " + names);
    else if (e.reason == kPlacedByWorkload)
      lines.push_back("on the host, cost not modelled: " + names);
    else
      lines.push_back(fmt::format("on the host, cost not modelled: {} layer{}, {}: {}", e.layers.size(),
                                  e.layers.size() == 1 ? "" : "s", e.reason, names));
  }
  return lines;
}

}  // namespace eyrie
