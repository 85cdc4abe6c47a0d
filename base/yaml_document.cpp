#include <fmt/format.h>

#include "base/quantities.hpp"
#include "base/text_file.hpp"
#include "base/yaml_node.hpp"

namespace eyrie {

YamlDocument::YamlDocument(std::shared_ptr<Node> root, std::string name)
    : root_{std::move(root)}, name_{std::move(name)} {}

YamlDocument YamlDocument::from_file(const std::string& path) {
  return from_text(read_text_file(path, "a YAML file"), path);
}

YamlDocument YamlDocument::from_text(std::string_view text, const std::string& name) {
  return YamlDocument{parse_yaml(text, name), name};
}

static std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts{""};
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

using Node = YamlDocument::Node;

/// The child that a part of a path means: a key, an index, or the name of a map in a list.
static Node* child(Node& n, const std::string& part) {
  if (n.kind == Node::Kind::Map) {
    const auto* e = n.find(part);
    return e ? e->value.get() : nullptr;
  }
  if (n.kind != Node::Kind::List) return nullptr;
  if (const auto i = parse_integer(part); i && *i >= 0 && *i < std::ssize(n.items))
    return n.items[static_cast<std::size_t>(*i)].get();
  for (const auto& item : n.items)
    if (const auto* e = item->kind == Node::Kind::Map ? item->find("name") : nullptr; e && e->value->text == part)
      return item.get();
  return nullptr;
}

static std::vector<std::string> children(const Node& n) {
  std::vector<std::string> all;
  for (const auto& e : n.entries) all.push_back(e.key);
  for (const auto& item : n.items)
    if (const auto* e = item->kind == Node::Kind::Map ? item->find("name") : nullptr) all.push_back(e->value->text);
  return all;
}

static void move_to(Node& n, const Place& place) {
  n.place = place;
  for (auto& e : n.entries) {
    e.place = place;
    move_to(*e.value, place);
  }
  for (auto& i : n.items) move_to(*i, place);
}

Override parse_override(std::string_view argument) {
  const auto equals = argument.find('=');
  const auto path = argument.substr(0, equals);
  if (equals == std::string_view::npos || path.empty())
    throw InputError({"--set", 0, 0}, fmt::format("{} is no path=value", argument), "write it like array.rows=16");
  for (const auto& part : split(path))
    if (part.empty())
      throw InputError({"--set", 0, 0}, fmt::format("the path {} has an empty part", path),
                       "write it like array.rows=16");
  return {std::string(path), std::string(argument.substr(equals + 1))};
}

void YamlDocument::apply(const Override& change) {
  const Place place{"--set " + change.path, 0, 0};
  const auto parts = split(change.path);
  Node* at = root_.get();
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    Node* inner = child(*at, parts[i]);
    if (!inner) {
      const auto known = children(*at);
      throw InputError(place, fmt::format("there is no {} in {}", parts[i], i == 0 ? name_ : parts[i - 1]),
                       did_you_mean(parts[i], std::vector<std::string_view>{known.begin(), known.end()}));
    }
    at = inner;
  }
  auto value = parse_yaml(change.value.empty() ? "\"\"" : change.value, place.file);
  move_to(*value, place);
  if (Node* there = child(*at, parts.back()))
    *there = *value;
  else if (at->kind == Node::Kind::Map)
    at->entries.push_back({parts.back(), place, value});
  else
    throw InputError(place, fmt::format("{} holds no keys", parts.size() > 1 ? parts[parts.size() - 2] : name_),
                     "name a key of a map or an entry of a list");
}

std::string YamlDocument::top_level_text(std::string_view key) const {
  const auto* e = root_->kind == Node::Kind::Map ? root_->find(key) : nullptr;
  return e && e->value && e->value->kind == Node::Kind::Scalar ? e->value->text : std::string();
}

Place YamlDocument::place_of(std::string_view path) const {
  const Node* at = root_.get();
  for (const auto& part : split(path)) {
    const Node* inner = child(const_cast<Node&>(*at), part);
    if (!inner) break;
    at = inner;
  }
  return at->place;
}

}  // namespace eyrie
