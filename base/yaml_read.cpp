#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/quantities.hpp"
#include "base/yaml_node.hpp"

namespace eyrie {

namespace {

using Node = YamlDocument::Node;

/// Reads one map. What is wrong is added to `wrong`; a wrong field keeps its value so that reading goes on.
class MapReader : public Fields {
 public:
  /// `path` is the dotted path of this map for messages; `lone` makes this the pseudo-map around one entry of a list.
  MapReader(const Node& node, std::string path, Diagnostics& wrong, bool lone = false)
      : node_{node}, path_{std::move(path)}, wrong_{wrong}, lone_{lone} {}

  /// Every key that nobody asked for is an error.
  void finish() const {
    if (lone_) return;
    for (const auto& e : node_.entries)
      if (!asked_.contains(e.key)) {
        const std::vector<std::string_view> known{order_.begin(), order_.end()};
        const auto near = nearest(e.key, known);
        wrong_.error(e.place, fmt::format("{} has no key {}", shown(), e.key),
                     near.empty() ? fmt::format("known keys are {}", fmt::join(order_, ", "))
                                  : fmt::format("did you mean {}?", near));
      }
  }

  void about(std::string_view) override {}
  void place(Place& out) override { out = node_.place; }

  void choice(std::string_view discriminator, std::string_view what, std::size_t& chosen,
              std::span<const Alternative> alternatives) override {
    std::vector<std::string_view> known;
    for (const auto& a : alternatives) known.push_back(a.name);
    bool present = true;
    const auto before = wrong_.all().size();
    one_of(Key{discriminator, Presence::Required, what}, chosen, present, known, {});
    if (wrong_.all().size() != before) {
      for (const auto& e : node_.entries) ask(e.key);  // which keys belong here cannot be said
      return;
    }
    alternatives[chosen].fields(*this);
  }

 protected:
  void boolean(const Key& k, bool& value, bool& present) override {
    const Node* n = scalar(k, present, "true or false");
    if (!n) return;
    if (!n->quoted && (n->text == "true" || n->text == "false"))
      value = n->text == "true";
    else
      wrong(*n, k, fmt::format("{}; it must be true or false", quoted(*n)));
  }

  void integer(const Key& k, std::int64_t& value, bool& present, Range range) override {
    const Node* n = scalar(k, present, "a whole number");
    if (!n) return;
    const auto number = n->quoted ? std::nullopt : parse_integer(n->text);
    if (!number) return wrong(*n, k, fmt::format("{}; it must be a whole number", quoted(*n)));
    if (in_range(*n, k, static_cast<double>(*number), range, Dimension::None)) value = *number;
  }

  void real(const Key& k, double& value, bool& present, Range range, Dimension d) override {
    const Node* n =
        scalar(k, present, d == Dimension::None ? "a number" : fmt::format("a quantity like \"{}\"", example_of(d)));
    if (!n) return;
    const auto number = d == Dimension::None ? bare(*n, k) : with_unit(*n, k, d);
    if (!number) return;
    if (is_whole(d) && (*number != std::floor(*number) || std::abs(*number) > 9e15))
      return wrong(*n, k,
                   fmt::format("{}, which is no whole number of {}; write it like \"{}\"", quoted(*n),
                               units_of(d).front().suffix, example_of(d)));
    if (in_range(*n, k, *number, range, d)) value = *number;
  }

  void text(const Key& k, std::string& value, bool& present) override {
    if (const Node* n = scalar(k, present, "a text")) value = n->text;
  }

  void one_of(const Key& k, std::size_t& index, bool& present, std::span<const std::string_view> names,
              std::span<const std::string_view>) override {
    const Node* n = scalar(k, present, fmt::format("one of {}", fmt::join(names, ", ")));
    if (!n) return;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (names[i] == n->text) {
        index = i;
        return;
      }
    wrong(*n, k, fmt::format("{}; {}", quoted(*n), did_you_mean(n->text, names)));
  }

  void map(const Key& k, bool& present, const std::function<void(Fields&)>& fields) override {
    const Node* n = find(k, present);
    if (!n) return;
    if (n->kind != Node::Kind::Map) return wrong(*n, k, fmt::format("{}; it must be a map", shape(*n)));
    MapReader inner{*n, full(k.name), wrong_};
    fields(inner);
    inner.finish();
  }

  void list_of_maps(const Key& k, bool& present, std::size_t, const std::function<void(std::size_t)>& resize,
                    const std::function<void(std::size_t, Fields&)>& item) override {
    const Node* n = list(k, present);
    if (!n) return;
    resize(n->items.size());
    for (std::size_t i = 0; i < n->items.size(); ++i) {
      const Node& entry = *n->items[i];
      const auto* name = entry.kind == Node::Kind::Map ? entry.find("name") : nullptr;
      const auto path =
          fmt::format("{}[{}]", full(k.name),
                      name && name->value->kind == Node::Kind::Scalar ? name->value->text : std::to_string(i));
      if (entry.kind != Node::Kind::Map) {
        wrong_.error(entry.place, fmt::format("{} is {}", path, shape(entry)), "it must be a map");
        continue;
      }
      MapReader inner{entry, path, wrong_};
      item(i, inner);
      inner.finish();
    }
  }

  void list_of_scalars(const Key& k, bool& present, std::size_t, const std::function<void(std::size_t)>& resize,
                       const std::function<void(std::size_t, Fields&)>& item) override {
    const Node* n = list(k, present);
    if (!n) return;
    resize(n->items.size());
    for (std::size_t i = 0; i < n->items.size(); ++i) {
      MapReader inner{*n->items[i], fmt::format("{}[{}]", full(k.name), i), wrong_, true};
      item(i, inner);
    }
  }

  void map_of(const Key& k, bool& present, std::vector<std::string>& keys,
              const std::function<void(std::size_t)>& resize,
              const std::function<void(std::size_t, Fields&)>& item) override {
    const Node* n = find(k, present);
    if (!n) return;
    if (n->kind != Node::Kind::Map) return wrong(*n, k, fmt::format("{}; it must be a map", shape(*n)));
    keys.clear();
    for (const auto& e : n->entries) keys.push_back(e.key);
    resize(keys.size());
    for (std::size_t i = 0; i < n->entries.size(); ++i) {
      const auto path = full(k.name) + "." + keys[i];
      if (n->entries[i].value->kind != Node::Kind::Map) {
        wrong_.error(n->entries[i].value->place, fmt::format("{} is {}", path, shape(*n->entries[i].value)),
                     "it must be a map");
        continue;
      }
      MapReader inner{*n->entries[i].value, path, wrong_};
      item(i, inner);
      inner.finish();
    }
  }

 private:
  [[nodiscard]] std::string full(std::string_view key) const {
    if (lone_) return path_;
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }
  [[nodiscard]] std::string shown() const { return path_.empty() ? std::string("the file") : path_; }
  static std::string quoted(const Node& n) {
    return n.quoted               ? fmt::format("the text \"{}\"", n.text)
           : parse_number(n.text) ? n.text
                                  : fmt::format("\"{}\"", n.text);
  }
  static std::string shape(const Node& n) {
    switch (n.kind) {
      case Node::Kind::Null:
        return "empty";
      case Node::Kind::Scalar:
        return quoted(n);
      case Node::Kind::List:
        return "a list";
      case Node::Kind::Map:
        return "a map";
    }
    return "";
  }

  /// "KEY is PROBLEM; REMEDY", the two parts split at the last semicolon.
  void wrong(const Node& n, const Key& k, const std::string& what) {
    const auto cut = what.find("; ");
    wrong_.error(n.place, fmt::format("{} is {}", full(k.name), what.substr(0, cut)),
                 cut == std::string::npos ? "" : what.substr(cut + 2));
  }

  void ask(std::string_view key) {
    if (asked_.insert(std::string(key)).second) order_.emplace_back(key);
  }

  const Node* find(const Key& k, bool& present) {
    if (lone_) {
      present = true;
      if (node_.kind != Node::Kind::Null) return &node_;
      wrong(node_, k, fmt::format("empty; give a value"));
      return nullptr;
    }
    ask(k.name);
    const auto* e = node_.find(k.name);
    present = e != nullptr;
    if (!e) {
      if (k.presence == Presence::Required)
        wrong_.error(node_.place, fmt::format("{} misses the key {}", shown(), k.name), std::string(k.what));
      return nullptr;
    }
    if (e->value->kind == Node::Kind::Null) {
      wrong_.error(e->place, fmt::format("{} is empty", full(k.name)), "give a value or leave the key out");
      return nullptr;
    }
    return e->value.get();
  }

  const Node* scalar(const Key& k, bool& present, const std::string& wanted) {
    const Node* n = find(k, present);
    if (n && n->kind != Node::Kind::Scalar) {
      wrong(*n, k, fmt::format("{}; it must be {}", shape(*n), wanted));
      return nullptr;
    }
    return n;
  }

  const Node* list(const Key& k, bool& present) {
    const Node* n = find(k, present);
    if (n && n->kind != Node::Kind::List) {
      wrong(*n, k, fmt::format("{}; it must be a list", shape(*n)));
      return nullptr;
    }
    return n;
  }

  std::optional<double> bare(const Node& n, const Key& k) {
    const auto number = n.quoted ? std::nullopt : parse_number(n.text);
    if (!number) wrong(n, k, fmt::format("{}; it must be a number", quoted(n)));
    return number;
  }

  std::optional<double> with_unit(const Node& n, const Key& k, Dimension d) {
    std::vector<std::string_view> suffixes;
    for (const auto& u : units_of(d)) suffixes.push_back(u.suffix);
    const auto how = fmt::format("write it like \"{}\" ({})", example_of(d), fmt::join(suffixes, ", "));
    const auto first = n.text.find_first_not_of("+-0123456789._eE");
    auto end = first == std::string::npos ? n.text.size() : first;
    while (end > 0 && (n.text[end - 1] == 'e' || n.text[end - 1] == 'E')) --end;
    const auto number = parse_number(std::string_view(n.text).substr(0, end));
    if (!number) {
      wrong(n, k, fmt::format("{}, which is no quantity; {}", quoted(n), how));
      return std::nullopt;
    }
    auto suffix = std::string_view(n.text).substr(end);
    while (suffix.starts_with(' ')) suffix.remove_prefix(1);
    for (const auto& u : units_of(d))
      if (u.suffix == suffix) return *number * u.factor;
    wrong(n, k,
          suffix.empty() ? fmt::format("{}, without a unit; {}", n.text, how)
                         : fmt::format("\"{}\", which has no known unit; {}", n.text, how));
    return std::nullopt;
  }

  bool in_range(const Node& n, const Key& k, double value, const Range& r, Dimension d) {
    const auto show = [&](double v) { return write_quantity(v, d); };
    std::string must;
    if (value < r.least)
      must = r.least_excluded ? fmt::format("it must be more than {}", show(r.least))
                              : fmt::format("it must be at least {}", show(r.least));
    else if (r.least_excluded && value == r.least)
      must = fmt::format("it must be more than {}", show(r.least));
    else if (value > r.most)
      must = fmt::format("it must be at most {}", show(r.most));
    if (must.empty()) return true;
    wrong(n, k, fmt::format("{}; {}", n.text, must));
    return false;
  }

  const Node& node_;
  std::string path_;
  Diagnostics& wrong_;
  bool lone_;
  std::set<std::string> asked_;
  std::vector<std::string> order_;
};

void refuse_tags(const Node& n, Diagnostics& wrong) {
  if (!n.tag.empty()) wrong.error(n.place, fmt::format("the tag {} is not read", n.tag), "leave it out");
  for (const auto& e : n.entries) refuse_tags(*e.value, wrong);
  for (const auto& i : n.items) refuse_tags(*i, wrong);
}

}  // namespace

void YamlDocument::read(const std::function<void(Fields&)>& fields, Diagnostics& out) const {
  const auto before = out.all().size();
  refuse_tags(*root_, out);
  if (out.all().size() != before) return;  // what a tagged value means can't be said
  if (root_->kind != Node::Kind::Map) {
    out.error(root_->place, "the file holds no map", "write `key: value` lines");
    return;
  }
  MapReader reader{*root_, "", out};
  fields(reader);
  reader.finish();
}

}  // namespace eyrie
