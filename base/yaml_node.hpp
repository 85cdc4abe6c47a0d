#pragma once

// The tree that a YAML document is read into: for base itself and for readers of other programs' files, whose values
// have no fixed type. Eyrie's own files are described (base/fields.hpp).

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/yaml.hpp"

namespace eyrie {

struct YamlDocument::Node {
  enum class Kind { Null, Scalar, List, Map };
  Kind kind = Kind::Null;
  std::string text;  ///< of a scalar
  bool quoted = false;
  std::string tag;  ///< as written (`!Component`); a described struct refuses it
  Place place;
  struct Entry {
    std::string key;
    Place place;  ///< of the key
    std::shared_ptr<Node> value;
  };
  std::vector<Entry> entries;                ///< of a map
  std::vector<std::shared_ptr<Node>> items;  ///< of a list

  [[nodiscard]] const Entry* find(std::string_view key) const {
    for (const auto& e : entries)
      if (e.key == key) return &e;
    return nullptr;
  }
};

/// Text to a tree; all that is wrong with its form is an InputError. The only caller of yaml-cpp.
std::shared_ptr<YamlDocument::Node> parse_yaml(std::string_view text, const std::string& name);

}  // namespace eyrie
