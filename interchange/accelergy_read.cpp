#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/quantities.hpp"
#include "interchange/accelergy.hpp"
#include "interchange/foreign_map.hpp"

namespace eyrie {

namespace {

/// What stands under a top-level key of an output of Accelergy.
const ForeignNode& part_of(const YamlDocument& document, std::string_view key) {
  static const std::vector<std::string_view> parts{"ERT", "ART", "ERT_summary", "ART_summary"};
  const auto& root = document.root();
  const auto* e = root.kind == ForeignNode::Kind::Map ? root.find(key) : nullptr;
  if (!e)
    throw InputError(root.place, fmt::format("the file has no key {}", key),
                     fmt::format("give a table of Accelergy's that begins with `{}:`", key));
  Diagnostics wrong;
  for (const auto& other : root.entries)
    if (!std::ranges::count(parts, other.key))
      wrong.error(other.place, fmt::format("{} is no output of Accelergy", other.key), did_you_mean(other.key, parts));
  wrong.raise_if_any();
  return *e->value;
}

void check_version(ForeignMap& map, Diagnostics& wrong) {
  const auto* version = map.required("version", "write `version: 0.4`");
  if (version && (version->kind != ForeignNode::Kind::Scalar || (version->text != "0.3" && version->text != "0.4")))
    wrong.error(version->place, fmt::format("{} is {}", map.path("version"), shown(*version)),
                "versions 0.3 and 0.4 are read");
}

/// A number that is not below 0, nor so large that sums of it are none.
std::optional<double> quantity_of(const ForeignNode* n, const std::string& what, Diagnostics& wrong) {
  if (!n) return std::nullopt;
  const auto number = n->kind == ForeignNode::Kind::Scalar ? parse_number(n->text) : std::nullopt;
  constexpr double kMost = 1e15;  // a kilojoule, a thousand square metres
  if (number && *number >= 0 && *number <= kMost) return number;
  wrong.error(n->place, fmt::format("{} is {}", what, shown(*n)),
              number && *number > kMost ? "it must be at most 1e15" : "it must be a number of at least 0");
  return std::nullopt;
}

/// The tables of a part, each as a map with a name that none before it has.
template <class Read>
void each_table(const ForeignNode& part, const std::string& key, Diagnostics& wrong, Read read) {
  ForeignMap map{part, key, wrong};
  check_version(map, wrong);
  const auto* tables = map.required("tables", "give a list of tables, one a component");
  map.finish();
  if (!tables) return;
  std::set<std::string> seen;
  for (const auto* entry : entries_of(*tables, map.path("tables"), wrong)) {
    ForeignMap table{*entry, "a table", wrong};
    const auto* name = table.required("name", "give the component's name");
    const auto text = name ? text_of(*name, "a table's name", wrong).value_or("") : "";
    if (name && !text.empty() && !seen.insert(text).second)
      wrong.error(name->place, fmt::format("there are two tables of {}", text), "keep one of the two");
    read(table, text, name ? name->place : entry->place);
    table.finish();
  }
}

std::vector<std::pair<std::string, std::string>> arguments_of(const ForeignNode* n, const std::string& what,
                                                              Diagnostics& wrong) {
  std::vector<std::pair<std::string, std::string>> all;
  if (!n) return all;
  if (n->kind != ForeignNode::Kind::Map)
    wrong.error(n->place, fmt::format("arguments of {} are {}", what, shown(*n)), "they must be a map");
  for (const auto& e : n->entries)
    if (const auto text = text_of(*e.value, fmt::format("{} of {}", e.key, what), wrong))
      all.emplace_back(e.key, *text);
  return all;
}

ErtAction action_of(const ForeignNode& node, const std::string& component, Diagnostics& wrong) {
  ForeignMap map{node, fmt::format("an action of {}", component), wrong};
  ErtAction a;
  if (const auto* name = map.required("name", "give the action's name"))
    a.name = text_of(*name, "an action's name", wrong).value_or("");
  const auto what = fmt::format("{} of {}", a.name.empty() ? "an action" : a.name, component);
  a.arguments = arguments_of(map.optional("arguments"), what, wrong);
  a.energy_pj = quantity_of(map.required("energy", "give its energy in pJ"), "energy of " + what, wrong).value_or(0);
  a.where = node.place;
  map.finish();
  return a;
}

}  // namespace

ErtFile read_ert(const YamlDocument& document) {
  ErtFile file;
  Diagnostics wrong;
  each_table(part_of(document, "ERT"), "ERT", wrong, [&](ForeignMap& map, const std::string& name, Place where) {
    ErtTable table{.name = name, .actions = {}, .where = std::move(where)};
    const auto* actions = map.required("actions", "give a list of actions");
    for (const auto* entry :
         actions ? entries_of(*actions, "actions of " + name, wrong) : std::vector<const ForeignNode*>{}) {
      auto a = action_of(*entry, name, wrong);
      const bool twice = std::ranges::any_of(table.actions, [&](const ErtAction& b) {
        return !a.name.empty() && a.name == b.name && a.arguments == b.arguments;
      });
      if (twice) wrong.error(a.where, fmt::format("{} of {} is given twice", a.name, name), "keep one of the two");
      table.actions.push_back(std::move(a));
    }
    file.tables.push_back(std::move(table));
  });
  wrong.raise_if_any();
  return file;
}

ArtFile read_art(const YamlDocument& document) {
  ArtFile file;
  Diagnostics wrong;
  each_table(part_of(document, "ART"), "ART", wrong, [&](ForeignMap& map, const std::string& name, Place where) {
    const auto area = quantity_of(map.required("area", "give its area in um2"), "area of " + name, wrong);
    file.rows.push_back({.name = name, .area_um2 = area.value_or(0), .where = std::move(where)});
  });
  wrong.raise_if_any();
  return file;
}

}  // namespace eyrie
