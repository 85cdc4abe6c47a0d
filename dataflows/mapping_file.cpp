#include "dataflows/mapping_file.hpp"

#include <fmt/format.h>

#include <set>

namespace eyrie {

void describe(Fields& f, NestEntry& e) {
  f.about("one line of a loop nest: a keep, a temporal loop or a spatial loop");
  f.place(e.where);
  f.optional("keep", e.keep, "a memory that holds the tile of `tensors` from here inwards");
  f.optional("tensors", e.tensors, "with keep: what it holds");
  f.optional("temporal", e.temporal, "a loop over this dimension in time");
  f.optional("spatial", e.spatial, "a loop over this dimension across PEs");
  f.optional("step", e.step, "extent of the dimension inside the loop", AtLeast(1));
  f.optional("axis", e.axis, "with spatial: along which axis of the array");
}

static void describe(Fields& f, LayerMapping& l) {
  f.about("how one layer is mapped");
  f.place(l.where);
  f.required("layer", l.layer, "a layer of the workload");
  f.optional("row_stationary", l.row_stationary, "by the parameters of the row-stationary dataflow");
  f.optional("nest", l.nest, "by a whole loop nest, outermost entry first");
  f.optional("certificate", l.certificate, "what was claimed when it was chosen; nothing depends on it");
}

void describe(Fields& f, MappingFile& m) {
  f.about("mappings of layers of one workload on one machine");
  f.place(m.where);
  f.required("kind", m.kind, "`mappings`");
  f.required("architecture", m.architecture, "the machine");
  f.optional("workload", m.workload, "the workload");
  f.optional("source", m.source, "where they come from");
  f.required("layers", m.layers, "one entry a layer");
}

static void check(const NestEntry& e, Diagnostics& wrong) {
  const int ways = (e.keep ? 1 : 0) + (e.temporal ? 1 : 0) + (e.spatial ? 1 : 0);
  if (ways != 1)
    wrong.error(e.where, fmt::format("an entry of the nest has {} of the keys keep, temporal, spatial", ways),
                "write exactly one of them");
  else if (e.keep && e.tensors.empty())
    wrong.error(e.where, fmt::format("{} keeps nothing", *e.keep), "name its tensors: `tensors: [input]`");
  else if (e.spatial && !e.axis)
    wrong.error(e.where, "a spatial loop has no axis", "write `axis: x` (columns) or `axis: y` (rows)");
  else if (!e.spatial && e.axis)
    wrong.error(e.where, "only a spatial loop has an axis", "leave `axis` out");
  else if (!e.keep && !e.tensors.empty())
    wrong.error(e.where, "only a keep has tensors", "leave `tensors` out");
}

MappingFile read_mapping_file(const YamlDocument& document) {
  auto file = read_yaml<MappingFile>(document);
  Diagnostics wrong;
  if (file.kind != "mappings")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and mappings were wanted", file.kind),
                "write `kind: mappings`");
  std::set<std::string> seen;
  for (const auto& l : file.layers) {
    if (!seen.insert(l.layer).second)
      wrong.error(l.where, fmt::format("{} is mapped twice", l.layer), "keep one of the two");
    if (l.row_stationary.has_value() == !l.nest.empty())
      wrong.error(l.where, fmt::format("{} is mapped {}", l.layer, l.nest.empty() ? "in no way" : "in two ways"),
                  "give either row_stationary or nest");
    for (const auto& e : l.nest) check(e, wrong);
  }
  wrong.raise_if_any();
  return file;
}

Mapping mapping_of(const LayerMapping& l, const LayerNest& layer, const Architecture& a) {
  return l.row_stationary ? row_stationary(*l.row_stationary, layer, a) : Mapping{.nest = l.nest};
}

std::string mappings_head(const std::string& architecture, const std::string& workload) {
  return fmt::format("kind: mappings\narchitecture: {}\nworkload: {}\nlayers:\n", architecture, workload);
}

std::string mapping_entry(const Mapping& mapping, const std::string& layer,
                          const std::optional<Certificate>& certificate) {
  std::string text = fmt::format("- layer: {}\n", layer);
  if (certificate) text += "  certificate:\n" + certificate_yaml(*certificate, "    ");
  text += "  nest:\n";
  for (const auto& e : mapping.nest) {
    if (e.keep) {
      std::string tensors;
      for (Operand t : e.tensors) tensors += fmt::format("{}{}", tensors.empty() ? "" : ", ", name_of(t));
      text += fmt::format("  - {{keep: {}, tensors: [{}]}}\n", *e.keep, tensors);
    } else if (e.temporal) {
      text += fmt::format("  - {{temporal: {}, step: {}}}\n", name_of(*e.temporal), e.step);
    } else {
      text += fmt::format("  - {{spatial: {}, step: {}, axis: {}}}\n", name_of(*e.spatial), e.step, name_of(*e.axis));
    }
  }
  return text;
}

std::string mapping_yaml(const Mapping& mapping, const std::string& layer, const std::string& architecture,
                         const std::string& workload) {
  return mappings_head(architecture, workload) + mapping_entry(mapping, layer, std::nullopt);
}

}  // namespace eyrie
