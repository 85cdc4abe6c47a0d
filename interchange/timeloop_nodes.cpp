#include "interchange/timeloop_nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/quantities.hpp"
#include "interchange/timeloop_levels.hpp"

namespace eyrie {

namespace {

enum class Class { Dram, Buffer, RegisterFile, Mac };
struct ClassName {
  std::string_view name;
  Class value;
};
constexpr std::array kClasses{ClassName{"DRAM", Class::Dram},
                              ClassName{"SRAM", Class::Buffer},
                              ClassName{"smartbuffer_SRAM", Class::Buffer},
                              ClassName{"regfile", Class::RegisterFile},
                              ClassName{"smartbuffer_RF", Class::RegisterFile},
                              ClassName{"intmac", Class::Mac}};

/// A name that may stand in Eyrie's files as it is.
bool is_plain(const std::string& name) {
  return !name.empty() && name != "null" && name != "Null" && name != "NULL" && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class NodeReader {
 public:
  NodeReader(const YamlDocument& document, Diagnostics& wrong) : document_{document}, wrong_{wrong} {}

  TimeloopNodes read() {
    const auto& node = timeloop_part(document_, "architecture");
    all_.where = node.place;
    ForeignMap architecture{node, "architecture", wrong_};
    check_timeloop_version(architecture, wrong_);
    variables();
    if (const auto* nodes = architecture.required("nodes", "a list of !Container and !Component")) list(*nodes, false);
    architecture.finish();
    return std::move(all_);
  }

 private:
  /// `variables:` beside the architecture may hold what all components share.
  void variables() {
    const auto* e = document_.root().find("variables");
    if (e && e->value->kind == ForeignNode::Kind::Map) shared(*e->value);
  }

  void list(const ForeignNode& nodes, bool parallel) {
    for (const auto* node : entries_of(nodes, "nodes", wrong_)) one(*node, parallel);
  }

  void one(const ForeignNode& node, bool parallel) {
    static const std::vector<std::string_view> tags{"!Container", "!Component", "!Parallel", "!Hierarchical"};
    if (!std::ranges::count(tags, node.tag)) {
      wrong_.error(node.place, node.tag.empty() ? "a node has no tag" : fmt::format("the tag {} is not read", node.tag),
                   node.tag.empty() ? "begin it with !Container or !Component" : did_you_mean(node.tag, tags));
      return;
    }
    if (node.tag == "!Container") return parallel ? branches(node) : container(node);
    if (node.tag == "!Component") return component(node);
    ForeignMap group{node, node.tag, wrong_};
    if (const auto* nodes = group.required("nodes", "what it holds")) list(*nodes, node.tag == "!Parallel");
    group.finish();
  }

  void branches(const ForeignNode& node) {
    wrong_.error(node.place, "a container stands in !Parallel", "put components there; Eyrie has one PE array");
  }

  std::string name_of(ForeignMap& map) {
    const auto* node = map.required("name", "its name");
    const auto name = node ? text_of(*node, "a name", wrong_) : std::nullopt;
    if (!name) return "";
    if (!is_plain(*name))
      wrong_.error(node->place, fmt::format("{} is no plain name", shown(*node)),
                   "use letters, digits and _; instances are written `spatial: {meshX: 14, meshY: 12}`");
    else if (std::ranges::count(names_, *name))
      wrong_.error(node->place, fmt::format("two nodes are called {}", *name), "give each its own name");
    names_.push_back(*name);
    return *name;
  }

  /// What Timeloop's search and energy tables use and a machine in Eyrie has no place for.
  static void skip(ForeignMap& map) {
    for (const auto* key : {"required_actions", "area_scale", "energy_scale", "subclass"}) map.optional(key);
  }

  void container(const ForeignNode& node) {
    ForeignMap map{node, "a container", wrong_};
    const auto name = name_of(map);
    if (all_.name.empty()) all_.name = name;
    if (const auto* attributes = map.optional("attributes")) shared(*attributes);
    if (const auto* constraints = map.optional("constraints")) constraint(*constraints, name, nullptr);
    fanout(map, name);
    skip(map);
    map.finish();
  }

  void fanout(ForeignMap& map, const std::string& name) {
    const auto* spatial = map.optional("spatial");
    if (!spatial) return;
    ForeignMap mesh{*spatial, name + ".spatial", wrong_};
    TimeloopFanout f{.name = name};
    if (const auto* x = mesh.optional("meshX")) f.columns = whole_of(*x, name + ".meshX", 1, wrong_, 4096).value_or(1);
    if (const auto* y = mesh.optional("meshY")) f.rows = whole_of(*y, name + ".meshY", 1, wrong_, 4096).value_or(1);
    mesh.finish();
    if (f.columns * f.rows == 1) return;
    if (std::ranges::any_of(all_.storages, &TimeloopStorage::inside) || !all_.mac.empty())
      wrong_.error(spatial->place, fmt::format("{} spreads out inside a PE", name),
                   "put all fan-outs between the buffers and the first scratch pad");
    all_.fanouts.push_back(f);
  }

  void component(const ForeignNode& node) {
    ForeignMap map{node, "a component", wrong_};
    const auto name = name_of(map);
    const auto* kind = map.required("class", "DRAM, SRAM, smartbuffer_SRAM, regfile, smartbuffer_RF or intmac");
    const auto text = kind ? text_of(*kind, "class", wrong_) : std::nullopt;
    const auto row = std::ranges::find_if(kClasses, [&](const ClassName& c) { return text && c.name == *text; });
    if (row == kClasses.end()) {
      std::vector<std::string_view> known;
      for (const auto& c : kClasses) known.push_back(c.name);
      if (text) wrong_.error(kind->place, fmt::format("the class {} is not read", *text), did_you_mean(*text, known));
      return;
    }
    fanout(map, name);
    if (row->value == Class::Mac)
      mac(map, name);
    else
      storage(map, name, row->value);
    skip(map);
    map.finish();
  }

  void mac(ForeignMap& map, const std::string& name) {
    if (!all_.mac.empty()) wrong_.error(map.place(), fmt::format("{} is a second MAC", name), "a PE has one MAC");
    all_.mac = name;
    if (const auto* attributes = map.optional("attributes")) {
      ForeignMap given{*attributes, name, wrong_};
      rest(given, name);
    }
    if (const auto* constraints = map.optional("constraints")) constraint(*constraints, name, nullptr);
  }

  void storage(ForeignMap& map, const std::string& name, Class kind) {
    TimeloopStorage s{.name = name, .where = map.place(), .dram = kind == Class::Dram};
    s.register_file = kind == Class::RegisterFile;
    s.inside = !s.dram && (s.register_file || !all_.fanouts.empty());
    s.keeps.assign(kAllOperands.begin(), kAllOperands.end());
    if (!all_.mac.empty())
      wrong_.error(map.place(), fmt::format("{} stands inside of the MAC", name), "put the MAC last");
    static const ForeignNode none{.kind = ForeignNode::Kind::Map};
    const auto* attributes = map.optional("attributes");
    ForeignMap given{attributes ? *attributes : none, name, wrong_};
    sizes(given, s);
    if (const auto* constraints = map.optional("constraints")) constraint(*constraints, name, &s);
    all_.storages.push_back(std::move(s));
  }

  const ForeignNode* either(ForeignMap& map, std::initializer_list<const char*> keys) {
    const ForeignNode* found = nullptr;
    for (const auto* key : keys)
      if (const auto* value = map.optional(key); value && !found) found = value;
    for (const auto* key : keys)
      if (!found && inherited_.contains(key)) found = inherited_.at(key);
    return found;
  }

  void sizes(ForeignMap& given, TimeloopStorage& s) {
    if (const auto* v = either(given, {"datawidth", "word-bits", "word_bits"}))
      s.word = whole_of(*v, s.name + ".datawidth", 1, wrong_, 64).value_or(16);
    else
      note("{} has no datawidth; 16 b are taken", s.name);
    if (const auto* v = either(given, {"width", "memory_width"})) {
      s.width = whole_of(*v, s.name + ".width", 1, wrong_, 1 << 20).value_or(16);
      if (s.width % s.word != 0)
        wrong_.error(v->place, fmt::format("{}.width is {}, no whole number of words of {} b", s.name, s.width, s.word),
                     "make width a multiple of datawidth");
    } else {
      const auto* block = either(given, {"block_size", "block-size"});
      s.width = s.word * (block ? whole_of(*block, s.name + ".block_size", 1, wrong_, 1 << 14).value_or(1) : 1);
    }
    if (const auto* v = either(given, {"depth", "memory_depth", "entries"}))
      s.depth = whole_of(*v, s.name + ".depth", 1, wrong_);
    else if (!s.dram)
      wrong_.error(s.where, fmt::format("{} has no depth", s.name), "write its number of rows: `depth: 16384`");
    bandwidths(given, s);
    if (const auto* v = either(given, {"multiple_buffering"}))
      s.buffering = whole_of(*v, s.name + ".multiple_buffering", 1, wrong_, 2).value_or(1);
    rest(given, s.name);
  }

  void bandwidths(ForeignMap& given, TimeloopStorage& s) {
    if (const auto* v = either(given, {"shared_bandwidth"}))
      s.read = s.write = positive_of(*v, s.name + ".shared_bandwidth", wrong_);
    if (const auto* v = either(given, {"read_bandwidth"})) s.read = positive_of(*v, s.name + ".read_bandwidth", wrong_);
    if (const auto* v = either(given, {"write_bandwidth"}))
      s.write = positive_of(*v, s.name + ".write_bandwidth", wrong_);
  }

  void rest(ForeignMap& given, const std::string& name) {
    std::string others;
    given.optional("technology");
    given.optional("global_cycle_seconds");
    for (const auto& [key, place] : given.unasked()) others += (others.empty() ? "" : ", ") + key;
    if (!others.empty()) note("attributes of {} that are left out: {}", name, others);
  }

  /// Attributes of a container belong to everything inside of it.
  void shared(const ForeignNode& attributes) {
    if (attributes.kind != ForeignNode::Kind::Map) {
      ForeignMap{attributes, "attributes", wrong_};
      return;
    }
    for (const auto& e : attributes.entries) inherited_[e.key] = e.value.get();
    if (const auto* e = attributes.find("technology")) technology(*e->value);
    if (const auto* e = attributes.find("global_cycle_seconds")) {
      all_.cycle_seconds = positive_of(*e->value, "global_cycle_seconds", wrong_);
      if (all_.cycle_seconds && (*all_.cycle_seconds < 1e-12 || *all_.cycle_seconds > 1))
        wrong_.error(e->value->place, fmt::format("global_cycle_seconds is {}", shown(*e->value)),
                     "write a time from 1e-12 to 1 s");
    }
  }

  void technology(const ForeignNode& node) {
    auto text = text_of(node, "technology", wrong_).value_or("");
    if (text.ends_with("nm")) text.resize(text.size() - 2);
    const auto nm = parse_number(text);
    if (nm && *nm > 0 && *nm < 1000)
      all_.technology_nm = nm;
    else if (text != "-1")  // -1: none in particular
      wrong_.error(node.place, fmt::format("technology is {}", shown(node)), "write it like \"45nm\"");
  }

  void constraint(const ForeignNode& node, const std::string& name, TimeloopStorage* s) {
    ForeignMap constraints{node, name + ".constraints", wrong_};
    bool searched = false;
    for (const auto* key : {"spatial", "temporal", "utilization", "max_overbooked_proportion"})
      if (constraints.optional(key)) searched = true;
    if (searched) note("constraints on mappings at {} are left out: they are no part of a machine", name);
    if (const auto* dataspace = constraints.optional("dataspace")) {
      if (s)
        keeps(*dataspace, *s);
      else
        wrong_.error(dataspace->place, fmt::format("{} is no memory", name), "constrain data spaces at a memory");
    }
    constraints.finish();
  }

  void keeps(const ForeignNode& node, TimeloopStorage& s) {
    ForeignMap map{node, s.name + ".constraints.dataspace", wrong_};
    const auto* bypass = map.optional("bypass");
    const auto passing = bypass ? operands_of(*bypass, "bypass", wrong_) : std::vector<Operand>{};
    std::erase_if(s.keeps, [&](Operand t) { return std::ranges::count(passing, t) > 0; });
    for (const auto* key : {"keep", "keep_only"})
      if (const auto* keep = map.optional(key)) {
        s.keeps = operands_of(*keep, key, wrong_);
        s.free = false;
        for (Operand t : s.keeps)
          if (std::ranges::count(passing, t))
            wrong_.error(keep->place, fmt::format("{} keeps {} and lets it bypass", s.name, data_space(t)),
                         "name it in one of the two");
      }
    std::ranges::sort(s.keeps);
    s.keeps.erase(std::unique(s.keeps.begin(), s.keeps.end()), s.keeps.end());
    map.optional("no_coalesce");
    map.finish();
  }

  template <class... T>
  void note(fmt::format_string<T...> text, T&&... values) {
    all_.notes.push_back(fmt::format(text, std::forward<T>(values)...));
  }

  const YamlDocument& document_;
  Diagnostics& wrong_;
  TimeloopNodes all_;
  std::vector<std::string> names_;
  std::map<std::string, const ForeignNode*, std::less<>> inherited_;
};

}  // namespace

TimeloopNodes read_timeloop_nodes(const YamlDocument& document, Diagnostics& wrong) {
  return NodeReader{document, wrong}.read();
}

}  // namespace eyrie
