#include "interchange/foreign_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/quantities.hpp"

namespace eyrie {

std::string shown(const ForeignNode& n) {
  switch (n.kind) {
    case ForeignNode::Kind::Null:
      return "empty";
    case ForeignNode::Kind::Scalar:
      return parse_number(n.text) ? n.text : fmt::format("\"{}\"", n.text);
    case ForeignNode::Kind::List:
      return "a list";
    case ForeignNode::Kind::Map:
      return "a map";
  }
  return "";
}

static void not_a(const ForeignNode& n, const std::string& what, const std::string& wanted, Diagnostics& wrong) {
  wrong.error(n.place, fmt::format("{} is {}", what, shown(n)), fmt::format("it must be {}", wanted));
}

std::optional<std::string> text_of(const ForeignNode& n, const std::string& what, Diagnostics& wrong) {
  if (n.kind == ForeignNode::Kind::Scalar) return n.text;
  not_a(n, what, "a text", wrong);
  return std::nullopt;
}

std::optional<std::int64_t> whole_of(const ForeignNode& n, const std::string& what, std::int64_t least,
                                     Diagnostics& wrong, std::int64_t most) {
  const auto number = n.kind == ForeignNode::Kind::Scalar ? parse_integer(n.text) : std::nullopt;
  if (number && *number >= least && *number <= most) return number;
  not_a(
      n, what,
      number && *number > most ? fmt::format("at most {}", most) : fmt::format("a whole number of at least {}", least),
      wrong);
  return std::nullopt;
}

std::optional<double> positive_of(const ForeignNode& n, const std::string& what, Diagnostics& wrong) {
  const auto number = n.kind == ForeignNode::Kind::Scalar ? parse_number(n.text) : std::nullopt;
  if (number && *number > 0) return number;
  not_a(n, what, "a number above 0", wrong);
  return std::nullopt;
}

std::optional<bool> truth_of(const ForeignNode& n, const std::string& what, Diagnostics& wrong) {
  for (const auto* yes : {"true", "True"})
    if (n.text == yes) return true;
  for (const auto* no : {"false", "False"})
    if (n.text == no) return false;
  not_a(n, what, "true or false", wrong);
  return std::nullopt;
}

std::vector<const ForeignNode*> entries_of(const ForeignNode& n, const std::string& what, Diagnostics& wrong) {
  std::vector<const ForeignNode*> all;
  if (n.kind != ForeignNode::Kind::List) not_a(n, what, "a list", wrong);
  for (const auto& item : n.items) all.push_back(item.get());
  return all;
}

std::vector<std::string> texts_of(const ForeignNode& n, const std::string& what, Diagnostics& wrong) {
  std::vector<std::string> all;
  for (const auto* item : entries_of(n, what, wrong))
    if (auto text = text_of(*item, fmt::format("an entry of {}", what), wrong)) all.push_back(std::move(*text));
  return all;
}

ForeignMap::ForeignMap(const ForeignNode& node, std::string name, Diagnostics& wrong)
    : node_{node}, name_{std::move(name)}, wrong_{wrong}, is_map_{node.kind == ForeignNode::Kind::Map} {
  if (!is_map_) not_a(node, name_, "a map", wrong);
}

std::string ForeignMap::path(std::string_view key) const { return fmt::format("{}.{}", name_, key); }

const ForeignNode* ForeignMap::required(std::string_view key, const std::string& what) {
  const auto* value = optional(key);
  if (is_map_ && !value) wrong_.error(node_.place, fmt::format("{} misses the key {}", name_, key), what);
  return value;
}

const ForeignNode* ForeignMap::optional(std::string_view key) {
  if (!std::ranges::count(asked_, key)) asked_.emplace_back(key);
  const auto* e = node_.find(key);
  return e && e->value->kind != ForeignNode::Kind::Null ? e->value.get() : nullptr;
}

std::vector<std::pair<std::string, Place>> ForeignMap::unasked() const {
  std::vector<std::pair<std::string, Place>> all;
  for (const auto& e : node_.entries)
    if (!std::ranges::count(asked_, e.key)) all.emplace_back(e.key, e.place);
  return all;
}

void ForeignMap::finish() const {
  const std::vector<std::string_view> known{asked_.begin(), asked_.end()};
  for (const auto& [key, place] : unasked()) {
    const auto near = nearest(key, known);
    wrong_.error(place, fmt::format("{} has no key {}", name_, key),
                 near.empty() ? fmt::format("known keys are {}", fmt::join(asked_, ", "))
                              : fmt::format("did you mean {}?", near));
  }
}

std::string as_scalar(const std::string& text) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c == '/' || c == '-'; };
  const bool word = !text.empty() && std::isalpha(static_cast<unsigned char>(text.front()));
  if (word && std::ranges::all_of(text, plain) && text != "null" && text != "true" && text != "false") return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return quoted + "\"";
}

void check_timeloop_version(ForeignMap& map, Diagnostics& wrong) {
  const auto* version = map.required("version", "write `version: 0.4`");
  if (!version) return;
  if (version->kind != ForeignNode::Kind::Scalar || version->text != "0.4")
    wrong.error(version->place, fmt::format("{} is {}", map.path("version"), shown(*version)),
                "only Timeloop's version 0.4 is read");
}

const ForeignNode& timeloop_part(const YamlDocument& document, std::string_view key) {
  const auto& root = document.root();
  const auto* e = root.kind == ForeignNode::Kind::Map ? root.find(key) : nullptr;
  if (!e)
    throw InputError(root.place, fmt::format("the file has no key {}", key),
                     fmt::format("give a Timeloop v4 file that begins with `{}:`", key));
  static const std::vector<std::string_view> parts{"architecture", "problem",   "mapping",     "mapper",
                                                   "mapspace",     "variables", "constraints", "components"};
  Diagnostics wrong;
  for (const auto& other : root.entries)
    if (!std::ranges::count(parts, other.key))
      wrong.error(other.place, fmt::format("{} is no part of a Timeloop v4 input", other.key),
                  did_you_mean(other.key, parts));
  wrong.raise_if_any();
  return *e->value;
}

}  // namespace eyrie
