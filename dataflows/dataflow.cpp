#include "dataflows/dataflow.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

bool Dataflow::allows(const std::vector<Dim>& list, Dim d) const { return std::ranges::count(list, d) > 0; }

bool Dataflow::allows_y(const LayerNest& l, Dim d) const {
  return allows(l.has_weights() || y_pools.empty() ? y : y_pools, d);
}

void describe(Fields& f, Dataflow& d) {
  f.about("a dataflow: constraints on mappings, inside which the mapper chooses");
  f.required("kind", d.kind, "`dataflow`");
  f.required("name", d.name, "its name");
  f.optional("title", d.title, "one line about it");
  f.optional("source", d.source, "where it is described");
  f.optional("x", d.x, "dimensions that may be spread along x; all if left out");
  f.optional("y", d.y, "dimensions that may be spread along y; all if left out");
  f.optional("pe", d.pe, "dimensions of which a PE may do more than one element in a pass; all if left out");
  f.optional("whole_in_pe", d.whole_in_pe, "dimensions that every PE does whole in a pass");
  f.optional("whole_on_y", d.whole_on_y, "dimensions that lie whole along y, one element a PE");
  f.optional("y_pools", d.y_pools, "dimensions that may be spread along y in layers without filters, instead of y");
  f.optional("fill", d.fill, "dimensions that are spread over as many columns (rows, if only y has them) as there are");
  f.optional("longest", d.longest, "the tensor whose words stay in the PE longest");
}

Dataflow read_dataflow(const YamlDocument& document) {
  auto flow = read_yaml<Dataflow>(document);
  Diagnostics wrong;
  const auto place = [&](const char* key) { return document.place_of(key); };
  if (flow.kind != "dataflow")
    wrong.error(place("kind"), fmt::format("the kind is {}", flow.kind), "a dataflow has `kind: dataflow`");
  for (Dim d : flow.whole_in_pe) {
    if (!flow.allows(flow.pe, d))
      wrong.error(place("whole_in_pe"), fmt::format("{} is whole in a PE, but `pe` leaves it out", name_of(d)),
                  fmt::format("add {} to pe", name_of(d)));
    if (flow.allows(flow.whole_on_y, d))
      wrong.error(place("whole_on_y"), fmt::format("{} is whole in a PE and along y", name_of(d)), "choose one");
  }
  for (Dim d : flow.whole_on_y)
    if (!flow.allows(flow.y, d))
      wrong.error(place("whole_on_y"), fmt::format("{} is whole along y, but `y` leaves it out", name_of(d)),
                  fmt::format("add {} to y", name_of(d)));
  for (Dim d : flow.fill)
    if (!flow.allows(flow.x, d) && !flow.allows(flow.y, d))
      wrong.error(place("fill"), fmt::format("{} fills the array, but `x` and `y` leave it out", name_of(d)),
                  fmt::format("add {} to x or y", name_of(d)));
  wrong.raise_if_any();
  flow.where = document.place_of("kind");
  return flow;
}

}  // namespace eyrie
